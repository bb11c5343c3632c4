"""What the house needs from outside, in few methods each; adapters give the real thing and a twin in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from maengelmelder.domain.addresses import Address
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.places import Bounds, Place
from maengelmelder.domain.suggesting import Suggestion


class StoreUnavailable(Exception):
    """The photo store cannot take or give anything now (disk full, server away); worth another try."""


class MailUnavailable(Exception):
    """The mail could not be handed over now; worth another try."""


class MailRefused(Exception):
    """The mail server will never take this mail; a human must look."""


class PhotoUnreadable(Exception):
    """The file is no picture that we can show, and trying again will not help."""


class PhotoWorkerFailed(Exception):
    """The decoder ran out of memory or time, or was killed; one more try may help."""


class GeocoderUnavailable(Exception):
    """The geocoder does not answer now, or was asked too often; the map and words will do."""


@dataclass(frozen=True)
class Sizes:
    """The two public sizes of a photo as JPEG bytes without metadata; pixels of the large one."""

    large: bytes
    small: bytes
    width: int
    height: int


class PhotoStore(Protocol):
    """Bytes by name. What `put` returned from is on the disk."""

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes durably; raises StoreUnavailable."""

    def get(self, name: str) -> bytes:
        """The bytes; raises KeyError when there are none, StoreUnavailable when they cannot be read now."""

    def delete(self, name: str) -> None:
        """Forget the bytes; nothing happens when there are none."""

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Every name with the time (UTC) of its last change, for finding orphans."""


class PhotoDecoder(Protocol):
    """Makes the public sizes out of an untrusted original."""

    def make_sizes(self, original: bytes) -> Sizes:
        """Both sizes, upright, without metadata; raises PhotoUnreadable or PhotoWorkerFailed."""


class Mailer(Protocol):
    """Hands mails over."""

    def send(self, message: EmailMessage) -> None:
        """Hand over one mail; raises MailUnavailable or MailRefused."""


class Suggester(Protocol):
    """Says which category a text speaks of."""

    def rank(self, catalogue: Catalogue, text: str) -> tuple[Suggestion, ...]:
        """Every category that can be reported, the best first; never raises, whatever the text is."""


class Geocoder(Protocol):
    """A service that knows addresses. suggests: whether it may be asked while somebody types."""

    @property
    def suggests(self) -> bool:
        """Whether it may be asked while somebody types."""

    def search(self, text: str, within: Bounds, limit: int) -> list[Address]:
        """What somebody may mean, the likeliest first, inside the bounds only; raises GeocoderUnavailable."""

    def reverse(self, place: Place) -> Address | None:
        """The nearest address it knows; raises GeocoderUnavailable."""
