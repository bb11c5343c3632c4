"""Column types that both databases share."""

import struct
from datetime import UTC, datetime
from typing import Any

from geoalchemy2 import WKBElement, WKTElement
from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from maengelmelder.domain.places import Geometry, Place

SRID = 4326

Json = JSON().with_variant(JSONB(), "postgresql")
JsonOrNull = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in time: aware in Python, UTC in the database. A naive one is a mistake and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database; SQLite keeps no zone, it is always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def to_point(place: Place | None) -> WKTElement | None:
    """A place as the databases take it."""
    return None if place is None else WKTElement(f"POINT({place.lon!r} {place.lat!r})", srid=SRID)


def to_place(element: WKBElement | WKTElement | None) -> Place | None:
    """A place as the databases give it: (E)WKB, or the text that was set and not yet read back."""
    if element is None:
        return None
    if isinstance(element, WKTElement):
        lon, lat = element.data.removeprefix("POINT(").rstrip(")").split()
        return Place(float(lon), float(lat))
    return Place(*struct.unpack("<2d", _little_endian_tail(element)))


def _little_endian_tail(element: WKBElement) -> bytes:
    data = bytes.fromhex(element.data) if isinstance(element.data, str) else bytes(element.data)
    tail = data[-16:]
    return tail if data[0] == 1 else tail[7::-1] + tail[:7:-1]


def to_shape(geometry: Geometry | None) -> WKTElement | None:
    """Polygons or lines as the databases take them."""
    if geometry is None:
        return None
    return WKTElement(_wkt(geometry), srid=SRID)


def _wkt(geometry: Geometry) -> str:
    if geometry.polygons:
        return f"MULTIPOLYGON({','.join(_rings(rings) for rings in geometry.polygons)})"
    return f"MULTILINESTRING{_rings(geometry.lines)}"


def _rings(rings: tuple[Any, ...]) -> str:
    return "(" + ",".join("(" + ",".join(f"{x!r} {y!r}" for x, y in ring) + ")" for ring in rings) + ")"
