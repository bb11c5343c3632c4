"""The photos of a form on their way into the store: checked, then on the disk before any transaction begins."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flask import abort
from werkzeug.datastructures import FileStorage

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.photo_place import find_place
from maengelmelder.domain.photos import MAX_PHOTOS, check_bytes, check_photo, clean_name, stored_name
from maengelmelder.domain.places import Place
from maengelmelder.house import house
from maengelmelder.services.reporting.keep_upload import StoredPhoto
from maengelmelder.web import limits


@dataclass
class TakenPhotos:
    """The good photos, stored; the sentences about the others; and where the first that knows it was taken."""

    stored: list[StoredPhoto] = field(default_factory=list)
    faults: list[Refusal] = field(default_factory=list)
    place: Place | None = None

    def keys(self) -> list[str]:
        """Keys in the store."""
        return [photo.key for photo in self.stored]

    def erase(self) -> None:
        """Forget what was stored: nobody will need it."""
        erase_originals(self.keys())
        self.stored.clear()


def take_photos(files: Sequence[FileStorage]) -> TakenPhotos:
    """Check and store photos. Raises StoreUnavailable, with nothing left behind; answers 429 to a flood."""
    taken = TakenPhotos()
    try:
        for file in files[:MAX_PHOTOS]:
            _take(file, taken)
    except BaseException:
        taken.erase()
        raise
    return taken


def erase_originals(keys: Iterable[str]) -> None:
    """Delete originals from the store."""
    for key in keys:
        house().photos.delete(stored_name(key, "original"))


def _take(file: FileStorage, taken: TakenPhotos) -> None:
    name = file.filename or ""
    try:
        check_bytes(_size_of(file), name)
        data = file.read()
        header = check_photo(data, name)
    except Refusal as refusal:
        taken.faults.append(refusal)
        return
    if not limits.hit(limits.UPLOADS, "upload"):
        abort(429)
    key = secrets.token_urlsafe(24)
    house().photos.put(stored_name(key, "original"), data)
    taken.stored.append(StoredPhoto(key, clean_name(name), header.width, header.height, len(data)))
    taken.place = taken.place or find_place(data)


def _size_of(file: FileStorage) -> int:
    """Bytes of a file, without reading it into memory."""
    file.stream.seek(0, 2)
    size = file.stream.tell()
    file.stream.seek(0)
    return size
