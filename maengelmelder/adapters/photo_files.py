"""Photos as files in a directory of this machine: what `put` returned from survives a loss of power."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from maengelmelder.domain.photos import STORED_NAME, checked_name
from maengelmelder.ports import StoreUnavailable

PART = ".part"  # ends the name of a file that is being written, or was when the power went


class PhotoFiles:
    """A PhotoStore in a directory, only for this system user (0700, 0600).

    root: made on the first `put`. Files lie in subdirectories named after the first two characters of their key.
    Every method raises ValueError for a name that `stored_name` would not make, and StoreUnavailable if the disk is
    full, missing or not readable for us.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes durably, all or none; a file of this name is replaced."""
        path = self._path(name)
        part = path.with_name(f"{name}.{secrets.token_hex(8)}{PART}")
        with _unavailable_on_error():
            self._make_directories(path.parent)
            try:
                _write_synced(part, data)
                part.rename(path)
            except OSError:
                part.unlink(missing_ok=True)
                raise
            _sync_directory(path.parent)

    def get(self, name: str) -> bytes:
        """The bytes; raises KeyError when there are none."""
        with _unavailable_on_error():
            try:
                return self._path(name).read_bytes()
            except FileNotFoundError:
                raise KeyError(name) from None

    def exists(self, name: str) -> bool:
        """Whether there is something under this name."""
        with _unavailable_on_error():
            return self._path(name).is_file()

    def delete(self, name: str) -> None:
        """Forget the bytes, and what an interrupted `put` left of them; nothing happens when there are none."""
        path = self._path(name)
        with _unavailable_on_error():
            if path.parent.is_dir():
                for found in (path, *path.parent.glob(f"{name}.*{PART}")):
                    found.unlink(missing_ok=True)
                _sync_directory(path.parent)

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Every name with the time (UTC) of its last change; also names of which an interrupted `put` left a part."""
        with _unavailable_on_error():
            for file in sorted(self.root.glob("??/*")):
                name = file.name.rsplit(".", 2)[0] if file.name.endswith(PART) else file.name
                changed = _find_change(file)
                if changed and STORED_NAME.fullmatch(name):
                    yield name, changed

    def _path(self, name: str) -> Path:
        return self.root / checked_name(name)[:2] / name

    def _make_directories(self, directory: Path) -> None:
        missing = [place for place in (directory, *directory.parents) if not place.exists()]
        for place in reversed(missing):
            place.mkdir(mode=0o700, exist_ok=True)
            _sync_directory(place.parent)  # else the new directory itself may be gone after a crash


@contextmanager
def _unavailable_on_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(error.strerror or "input/output error") from error


def _write_synced(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _find_change(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:  # deleted since the directory was read
        return None
