"""The gazetteer: finding addresses by what people type, and the one nearest to a place."""

import math
from collections import OrderedDict
from typing import Any

from sqlalchemy import ColumnElement, and_, column, func, select, table
from sqlalchemy.orm import Session

from maengelmelder.domain.addresses import (
    NEAR_M,
    Address,
    Typed,
    name_key,
    nearest_of,
    only_place,
    read_typed,
    sort_numbers,
)
from maengelmelder.domain.places import METRES_PER_DEGREE, Place
from maengelmelder.domain.street_search import StreetSearch
from maengelmelder.store.models import AddressSource, KnownAddress
from maengelmelder.store.types import SRID, to_place

MOST_STREETS = 8  # whose house numbers are looked through
MOST_NUMBERS = 200
CACHE_SIZE = 4

INDEX = table("idx_addresses_position", *(column(name) for name in ("pkid", "xmin", "xmax", "ymin", "ymax")))
_NAMED = ("street", "poi", "district")
_cache: OrderedDict[tuple[str, ...], StreetSearch] = OrderedDict()


def find_addresses(session: Session, text: str, limit: int) -> list[Address]:
    """What somebody may mean, the likeliest first; typos and half-typed words are forgiven."""
    typed = read_typed(text)
    streets = get_street_search(session).find(typed, max(limit, MOST_STREETS))
    if typed.number and streets:
        streets = [*_numbered(session, typed, streets), *streets]
    return list({address.label: address for address in reversed(streets)}.values())[::-1][:limit]


def find_exact_address(session: Session, text: str) -> Address | None:
    """The house that these words name, if they name exactly one and nothing besides."""
    typed = read_typed(text)
    if not typed.number:
        return None
    m = KnownAddress
    wanted = _addresses().where(m.kind == "address", m.key == typed.name, m.number_key == typed.number)
    return only_place(typed, _read(session, wanted.limit(MOST_NUMBERS)))


def find_nearest_address(session: Session, place: Place) -> Address | None:
    """The nearest house within 100 m, else the nearest street or named place there, else None."""
    return nearest_of(place, _read(session, _addresses().where(_is_near(session, place))))


def find_attributions(session: Session) -> list[str]:
    """Whom to name beside the map because addresses came from there."""
    query = select(AddressSource.attribution).where(AddressSource.attribution != "").distinct()
    return sorted(session.scalars(query))


def get_street_search(session: Session) -> StreetSearch:
    """The names of the city in memory, read anew after an import; one small query when nothing has changed."""
    stamps = session.scalars(select(AddressSource.stamp).order_by(AddressSource.id)).all()
    key = (str(session.get_bind().engine.url), *stamps)
    if key not in _cache:
        _cache[key] = StreetSearch(_read(session, _addresses().where(KnownAddress.kind.in_(_NAMED))))
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return _cache[key]


def _numbered(session: Session, typed: Typed, streets: list[Address]) -> list[Address]:
    """House numbers in the streets that may be meant; those in the likeliest street first."""
    m = KnownAddress
    keys = [name_key(street.street) for street in streets[:MOST_STREETS] if street.kind == "street"]
    begins = m.number_key.startswith(typed.number, autoescape=True)
    query = _addresses().where(m.kind == "address", m.key.in_(keys), begins)
    query = query.order_by(func.length(m.number_key), m.number_key, m.id).limit(MOST_NUMBERS)
    order = {key: position for position, key in reversed(list(enumerate(keys)))}
    numbers = sort_numbers(typed, _read(session, query))
    return sorted(numbers, key=lambda address: order[name_key(address.street)])


def _addresses() -> Any:
    m = KnownAddress
    return select(m.street, m.position, m.housenumber, m.postcode, m.locality, m.kind)


def _read(session: Session, query: Any) -> list[Address]:
    return [
        Address(street, place, housenumber, postcode, locality, kind)
        for street, position, housenumber, postcode, locality, kind in session.execute(query)
        if (place := to_place(position)) is not None
    ]


def _is_near(session: Session, place: Place) -> ColumnElement[bool]:
    up = NEAR_M / METRES_PER_DEGREE
    aside = up / max(math.cos(math.radians(place.lat)), 0.01)
    w, s, e, n = place.lon - aside, place.lat - up, place.lon + aside, place.lat + up
    if session.get_bind().dialect.name == "sqlite":  # SpatiaLite asks its R*Tree only when it is named
        x_meets = and_(INDEX.c.xmin <= e, INDEX.c.xmax >= w)
        return KnownAddress.id.in_(select(INDEX.c.pkid).where(x_meets, INDEX.c.ymin <= n, INDEX.c.ymax >= s))
    return KnownAddress.position.bool_op("&&")(func.ST_MakeEnvelope(w, s, e, n, SRID))
