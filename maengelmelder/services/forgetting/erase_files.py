"""Erasing what the store holds of photos whose rows are gone."""

from collections.abc import Iterable

from maengelmelder.domain.photos import Size, stored_name
from maengelmelder.ports import PhotoStore

SIZES: tuple[Size, ...] = ("original", "large", "small")


def names_of(keys: Iterable[str]) -> list[str]:
    """The names of every size of these photos."""
    return [stored_name(key, size) for key in keys for size in SIZES]


def erase_files(store: PhotoStore, names: Iterable[str]) -> None:
    """Delete them; raises StoreUnavailable, and the worker finds the rest a day later."""
    for name in names:
        store.delete(name)
