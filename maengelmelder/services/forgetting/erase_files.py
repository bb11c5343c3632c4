"""Erasing what the store holds of photos whose rows are gone."""

from collections.abc import Iterable

from maengelmelder.domain.photos import Size, stored_name
from maengelmelder.ports import PhotoStore

SIZES: tuple[Size, ...] = ("original", "large", "small")


def erase_photo_files(store: PhotoStore, keys: Iterable[str]) -> None:
    """Delete every size of these photos; raises StoreUnavailable, and the worker finds the rest a day later."""
    for key in keys:
        for size in SIZES:
            store.delete(stored_name(key, size))
