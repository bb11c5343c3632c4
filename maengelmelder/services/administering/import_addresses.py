"""Taking streets and house numbers in: repeatable, all or nothing, and only what lies in the city."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from maengelmelder.domain.addresses import Address, name_key, number_key
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.city_limits import is_inside
from maengelmelder.domain.street_points import streets_of
from maengelmelder.store.models import AddressSource, KnownAddress
from maengelmelder.store.types import to_place, to_point

CHUNK = 1000  # rows a statement
MAX_KEY, MAX_NUMBER_KEY = 400, 20  # characters, as the table has them
CELL_DEGREES = 3e-4  # some 30 m; points along a street that fall into one cell are one

Identity = tuple[Any, ...]
Rows = list[dict[str, Any]]


@dataclass
class Found:
    """What a file holds for the city.

    outside, twice: entries (the points along a street uncounted) that lie elsewhere, or say the same as an earlier one.
    bad: counts by reason.
    """

    entries: dict[Identity, Address] = field(default_factory=dict)
    outside: int = 0
    twice: int = 0
    bad: dict[str, int] = field(default_factory=dict)

    def take(self, catalogue: Catalogue, address: Address) -> None:
        """Keep an entry if it lies in the city and is a new one."""
        identity = identity_of(address)
        if identity in self.entries:
            self.twice += address.kind != "way"
        elif is_inside(catalogue, address.place):
            self.entries[identity] = address
        else:
            self.outside += address.kind != "way"

    def refuse(self, reason: str) -> None:
        """Count what is no entry."""
        self.bad[reason] = self.bad.get(reason, 0) + 1

    def count(self, kind: str) -> int:
        """How many entries of a kind there are."""
        return sum(address.kind == kind for address in self.entries.values())


def identity_of(address: Address) -> Identity:
    """What makes two entries one. A second street of the same name, far from the first, is another street."""
    key = (address.kind, name_key(address.street))
    where = (round(address.place.lon / CELL_DEGREES), round(address.place.lat / CELL_DEGREES))
    if address.kind == "address":
        return (*key, number_key(address.housenumber), address.postcode, name_key(address.locality))
    return (*key, *where)


def import_addresses(
    session: Session, found: Found, *, source: str, attribution: str, replace: bool, now: datetime
) -> int:
    """Write what was found; gives the number of streets. Entries of other files stay, unless `replace`.

    replace: whatever this source had before and the file no longer has is forgotten.
    """
    origin = _source(session, source)
    origin.attribution, origin.stamp, origin.imported_at = attribution, uuid.uuid4().hex, now
    session.flush()
    kept = {} if replace else _known(session, origin)
    entries = {**kept, **found.entries}
    streets = list(streets_of(entries.values()))
    session.execute(delete(KnownAddress).where(KnownAddress.source_id == origin.id))
    for rows in _chunks([*entries.values(), *streets], origin):
        session.execute(insert(KnownAddress), rows)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE addresses"))
    return len(streets)


def _source(session: Session, name: str) -> AddressSource:
    origin = session.scalars(select(AddressSource).where(AddressSource.name == name)).first()
    if origin is None:
        origin = AddressSource(name=name)
        session.add(origin)
    return origin


def _known(session: Session, origin: AddressSource) -> dict[Identity, Address]:
    """What earlier files of this source brought; streets are worked out anew from all of it."""
    m = KnownAddress
    query = select(m.street, m.position, m.housenumber, m.postcode, m.locality, m.kind)
    rows = session.execute(query.where(m.source_id == origin.id, m.kind != "street"))
    known = (
        Address(street, place, housenumber, postcode, locality, kind)  # type: ignore[arg-type]
        for street, position, housenumber, postcode, locality, kind in rows
        if (place := to_place(position)) is not None
    )
    return {identity_of(address): address for address in known}


def _chunks(entries: Sequence[Address], origin: AddressSource) -> Iterator[Rows]:
    for start in range(0, len(entries), CHUNK):
        yield [_row(address, origin.id) for address in entries[start : start + CHUNK]]


def _row(address: Address, source_id: int) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "kind": address.kind,
        "street": address.street,
        "housenumber": address.housenumber,
        "postcode": address.postcode,
        "locality": address.locality,
        "key": name_key(address.street)[:MAX_KEY],
        "number_key": number_key(address.housenumber)[:MAX_NUMBER_KEY],
        "position": to_point(address.place),
    }
