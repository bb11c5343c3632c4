"""Photos in memory: the twin of the real stores for tests and trials."""

from collections.abc import Iterator
from datetime import UTC, datetime

from maengelmelder.domain.photos import checked_name


class PhotoMemory:
    """A PhotoStore that forgets everything at the end of the process."""

    def __init__(self) -> None:
        self._photos: dict[str, tuple[bytes, datetime]] = {}

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes; what was under this name is replaced."""
        self._photos[checked_name(name)] = data, datetime.now(UTC)

    def get(self, name: str) -> bytes:
        """The bytes; raises KeyError when there are none."""
        return self._photos[checked_name(name)][0]

    def exists(self, name: str) -> bool:
        """Whether there is something under this name."""
        return checked_name(name) in self._photos

    def delete(self, name: str) -> None:
        """Forget the bytes; nothing happens when there are none."""
        self._photos.pop(checked_name(name), None)

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Every name with the time (UTC) of its last change."""
        yield from ((name, changed) for name, (_, changed) in sorted(self._photos.items()))
