"""What goes into a database comes out of both the same."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from geoalchemy2 import WKBElement
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from maengelmelder.domain.places import Geometry, Place
from maengelmelder.store.models import Ticket
from maengelmelder.store.types import UtcDateTime, to_place, to_point, to_shape
from tests.conftest import MONDAY
from tests.reports import take_in

DEGREES = st.builds(Place, st.floats(-180, 180), st.floats(-90, 90))
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def through(session: Session, moment: datetime) -> datetime:
    ticket = take_in(session, MONDAY)
    ticket.reported_at = moment
    session.commit()
    session.expire_all()
    return ticket.reported_at


def test_a_moment_keeps_its_microseconds_and_comes_back_in_utc(session: Session) -> None:
    summer = datetime(2026, 7, 1, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=2)))
    assert through(session, summer) == summer
    assert through(session, summer).tzinfo in (UTC, None) or through(session, summer).utcoffset() == timedelta(0)


def test_a_moment_without_zone_is_refused(session: Session) -> None:
    naive = datetime(2026, 7, 1)  # noqa: DTZ001 - that is the mistake
    with pytest.raises(StatementError, match="a moment needs its zone"):
        session.scalar(select(literal(naive, UtcDateTime)))
    session.rollback()


def test_moments_compare_in_the_database_across_zones(session: Session) -> None:
    take_in(session, MONDAY)
    east = MONDAY.astimezone(timezone(timedelta(hours=9)))
    assert session.scalars(select(Ticket).where(Ticket.reported_at == east)).all()
    assert not session.scalars(select(Ticket).where(Ticket.reported_at < east)).all()


@QUICK
@given(DEGREES)
def test_a_place_comes_back_to_the_last_bit(session: Session, place: Place) -> None:
    query = text("SELECT ST_AsBinary(ST_GeomFromText(:wkt, 4326))")
    point = to_point(place)
    assert point is not None
    assert to_place(point) == place
    assert to_place(WKBElement(bytes(session.scalar(query.bindparams(wkt=point.data)) or b""))) == place


def test_a_ticket_keeps_its_place_and_may_have_none(session: Session) -> None:
    ticket = take_in(session, MONDAY, place=Place(12.151912345678, 48.537012345678))
    session.expire_all()
    assert ticket.place == Place(12.151912345678, 48.537012345678)
    nowhere = take_in(session, MONDAY, place=None, address="Altstadt 315")
    session.expire_all()
    assert nowhere.place is None
    assert (to_point(None), to_place(None), to_shape(None)) == (None, None, None)


def test_big_endian_places_are_read_too() -> None:
    big = bytes.fromhex("0000000001" + "4028000000000000" + "4048000000000000")
    assert to_place(WKBElement(big)) == Place(12.0, 48.0)


def test_shapes_are_written_as_the_databases_read_them(session: Session) -> None:
    ring = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0))
    for geometry, kind in ((Geometry(polygons=((ring,),)), "POLYGON"), (Geometry(lines=(ring[:2],)), "LINESTRING")):
        shape = to_shape(geometry)
        assert shape is not None
        found = session.scalar(text("SELECT ST_AsText(ST_GeomFromText(:wkt, 4326))").bindparams(wkt=shape.data))
        assert found is not None
        assert found.startswith(f"MULTI{kind}")
