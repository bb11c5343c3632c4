"""What both kinds of address files have in common: clean entries, and reasons for those that are none."""

import re
from dataclasses import dataclass
from typing import Literal

from maengelmelder.domain.addresses import Address, Kind, name_key, number_key
from maengelmelder.domain.places import Place
from maengelmelder.domain.reports import is_printable

Reason = Literal["no_street", "no_place", "bad_place", "too_long", "unreadable", "row_width"]

MAX_NAME, MAX_NUMBER, MAX_POSTCODE, MAX_LOCALITY = 200, 20, 10, 100  # characters, as the table has them

_BLANKS = re.compile(r"\s+")


class AddressFileError(Exception):
    """The file cannot be read, or no further; the message says in German what to do."""


@dataclass(frozen=True)
class BadEntry:
    """Something that should have been an entry and is none."""

    reason: Reason


def entry(
    kind: Kind, street: str, place: Place, *, housenumber: str = "", postcode: str = "", locality: str = ""
) -> Address | BadEntry:
    """An entry with tidy blanks, or why there is none."""
    texts = [_BLANKS.sub(" ", text).strip() for text in (street, housenumber, postcode, locality)]
    limits = (MAX_NAME, MAX_NUMBER, MAX_POSTCODE, MAX_LOCALITY)
    if any(len(text) > limit for text, limit in zip(texts, limits, strict=True)):
        return BadEntry("too_long")
    if not all(map(is_printable, texts)) or not name_key(texts[0]) or (texts[1] and not number_key(texts[1])):
        return BadEntry("unreadable")
    street, housenumber, postcode, locality = texts
    return Address(street, place, housenumber, postcode, locality, kind)
