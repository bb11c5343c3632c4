"""Addresses of a city: what people type, and what they mean by it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from maengelmelder.domain.places import Place

Kind = Literal["address", "street", "way", "poi", "district"]

NEAR = "bei "  # how the words for a place begin that lies near a house; translated where they are shown
NEAR_M = 100.0  # metres; farther away an address says nothing about a place
SAME_M = 50.0  # metres; two entries of one address (gate and building) are one place
LONGEST_TYPED = 300

_FOLDED = str.maketrans({0xE4: "ae", 0xF6: "oe", 0xFC: "ue", 0xDF: "ss"})  # the German umlauts and sharp s
_SHORTENED = (("strasse", "str"), ("sankt", "st"))
_SQUARE = re.compile(r"pl\.(?=\W|$)", re.IGNORECASE)
_POSTCODE = re.compile(r"(?<!\w)\d{5}(?!\w)")
_NUMBER = re.compile(r"(?<!\w)\d{1,4} ?[a-z]?(?: ?[-/] ?\d{1,4} ?[a-z]?)?(?!\w|\. ?\w)", re.IGNORECASE)
_NUMBER_PARTS = re.compile(r"[^\w/-]|_")


@dataclass(frozen=True)
class Address:
    """An entry of the gazetteer.

    kind: `address` has a house number; `street` stands for a whole street, `way` is one point along it; `poi` is a bus
    stop, bridge or playground, `district` a part of the city, and both bear their name in `street`.
    """

    street: str
    place: Place
    housenumber: str = ""
    postcode: str = ""
    locality: str = ""
    kind: Kind = "address"

    @property
    def short(self) -> str:
        """Street and number: `Altstadt 12`."""
        return f"{self.street} {self.housenumber}".strip()

    @property
    def label(self) -> str:
        """The whole address: `Altstadt 12, 84028 Landshut`."""
        return ", ".join(part for part in (self.short, f"{self.postcode} {self.locality}".strip()) if part)


@dataclass(frozen=True)
class Typed:
    """What somebody typed, as keys. name: street. area: postcode and locality behind it, the latter as a key."""

    name: str
    number: str = ""
    postcode: str = ""
    area: str = ""

    def is_in(self, address: Address) -> bool:
        """Whether an entry lies where the words behind the number say."""
        if self.postcode and self.postcode != address.postcode:
            return False
        return not self.area or self.area == name_key(address.locality)


def name_key(name: str) -> str:
    """A name without all that people write in several ways: `Theodor-Heuss-Straße` and `theodor heuss str.` are one.

    Small letters and digits only, umlauts as two letters, other accents dropped, no blanks.
    """
    key = _SQUARE.sub("platz", name)
    while (folded := _fold(key)) != key:
        key = folded
    return key


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFC", text).casefold().translate(_FOLDED)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(character for character in text if character.isalnum())
    for long, short in _SHORTENED:
        text = text.replace(long, short)
    return text


def number_key(number: str) -> str:
    """A house number as everybody writes it: `12 A` is `12a`."""
    return _NUMBER_PARTS.sub("", number.casefold())


def read_typed(text: str) -> Typed:
    """The parts of `Altstadt 12a, 84028 Landshut`; whatever cannot be told apart stays in the name."""
    text = text[:LONGEST_TYPED]
    found = _POSTCODE.search(text)
    postcode = found[0] if found else ""
    before, _, behind = _POSTCODE.sub(",", text, count=1).partition(",")
    number = _last_number(before)
    if number is None:
        return Typed(name_key(before), "", postcode, name_key(behind))
    area = f"{before[number.end() :]} {behind}"
    return Typed(name_key(before[: number.start()]), number_key(number[0]), postcode, name_key(area))


def _last_number(text: str) -> re.Match[str] | None:
    """The house number: the last number that has a name before it."""
    numbers = [found for found in _NUMBER.finditer(text) if name_key(text[: found.start()])]
    return numbers[-1] if numbers else None


def only_place(typed: Typed, addresses: Iterable[Address]) -> Address | None:
    """The address that is meant, if all that was typed fits and there is no other it could be."""
    if not typed.number:
        return None
    fitting = [a for a in addresses if _is_the_same(typed, a) and typed.is_in(a)]
    if any(a.place.metres_to(fitting[0].place) > SAME_M for a in fitting):
        return None
    return fitting[0] if fitting else None


def _is_the_same(typed: Typed, address: Address) -> bool:
    return name_key(address.street) == typed.name and number_key(address.housenumber) == typed.number


def sort_numbers(typed: Typed, addresses: Iterable[Address]) -> list[Address]:
    """House numbers that begin as typed: the very one first, then 12a, then 120; where it was said, only there."""
    found = list(addresses)
    there = [address for address in found if typed.is_in(address)]
    return sorted(there or found, key=lambda address: _number_rank(typed.number, address))


def _number_rank(wanted: str, address: Address) -> tuple[int, int, str]:
    rest = number_key(address.housenumber).removeprefix(wanted)
    rank = 0 if not rest else 2 if rest[0].isdigit() else 1
    return rank, len(rest), rest


def nearest_of(place: Place, addresses: Iterable[Address], within_m: float = NEAR_M) -> Address | None:
    """The nearest house within `within_m` metres; without one the nearest street or bus stop; else None."""
    near = [(place.metres_to(a.place), a) for a in addresses if a.kind != "district"]
    near = [(metres, a) for metres, a in near if metres <= within_m]
    houses = [(metres, a) for metres, a in near if a.kind == "address"]
    return min(houses or near, key=lambda one: (one[0], one[1].label), default=(0.0, None))[1]


def nearby(address: Address) -> str:
    """The words for a place near an address, in the language of the city: `bei Altstadt 12`, or the street's name."""
    return address.street if address.kind in ("street", "way") else f"{NEAR}{address.short}"
