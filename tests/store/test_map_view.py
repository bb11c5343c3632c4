"""What a view of the map shows is what lies in it, on both databases alike."""

import json
import random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.cells import GROUP_CODES, tiles_of
from maengelmelder.domain.places import Place
from maengelmelder.domain.tickets import GROUPS, Status
from maengelmelder.store.models import Ticket
from maengelmelder.store.queries.map_view import MOST_POINTS, Picture, View, find_picture
from tests.conftest import Clock
from tests.reports import take_in

EVERY_GROUP = tuple(GROUP_CODES.values())
THE_CITY = (12.05, 48.48, 12.25, 48.60)


@pytest.fixture
def tickets(session: Session, clock: Clock) -> list[Ticket]:
    """Some hundred tickets, most of them in the old town."""
    lots = random.Random(5)  # noqa: S311 - the same invented city each time
    first = take_in(session, clock())
    made = [first]
    for number in range(150):
        ticket = Ticket(
            category=first.category,
            department=first.department,
            status=lots.choice(list(Status)),
            urgency="normal",
            because={},
            reported_at=clock(),
            updated_at=clock(),
            published_at=clock(),
        )
        spread = 0.004 if number < 120 else 0.06
        ticket.place = Place(12.152 + lots.uniform(-spread, spread), 48.537 + lots.uniform(-spread, spread))
        session.add(ticket)
        made.append(ticket)
    session.commit()
    return made


def look(session: Session, zoom: int, box: tuple[float, ...] = THE_CITY, **wanted: Any) -> Picture:
    west, south, east, north = box
    view = View(tiles_of(west, south, east, north, zoom), **{"categories": None, "groups": EVERY_GROUP} | wanted)
    return find_picture(session, view)


@pytest.mark.parametrize("zoom", [0, 3, 7, 8, 11, 13, 15, 16])
def test_every_ticket_is_shown_once_by_itself_or_in_a_cell(session: Session, tickets: list[Ticket], zoom: int) -> None:
    picture = look(session, zoom)
    in_cells = sum(sum(cell[2:]) for cell in json.loads(picture.cells))
    assert picture.total == len(tickets) == len(json.loads(picture.points)) + in_cells


@pytest.mark.parametrize("zoom", [17, 18, 19])
def test_so_is_it_where_tickets_lie_close(session: Session, tickets: list[Ticket], zoom: int) -> None:
    for _ in range(MOST_POINTS + 1):
        tickets.append(_beside(session, tickets[0]))
    session.commit()
    place = tickets[0].place
    assert place
    box = (place.lon - 1e-5, place.lat - 1e-5, place.lon + 1e-5, place.lat + 1e-5)
    picture = look(session, zoom, box)
    [*cells] = json.loads(picture.cells)
    assert sum(sum(cell[2:]) for cell in cells) >= MOST_POINTS + 2
    assert cells[0][0] == pytest.approx(place.lon, abs=0.003)
    assert cells[0][1] == pytest.approx(place.lat, abs=0.003)


def test_a_cell_lies_amid_its_tickets_and_knows_their_states(session: Session, tickets: list[Ticket]) -> None:
    picture = look(session, 8)
    [cell] = json.loads(picture.cells)
    places = [ticket.place for ticket in tickets if ticket.place]
    assert cell[0] == pytest.approx(sum(place.lon for place in places) / len(places), abs=2e-6)
    assert cell[1] == pytest.approx(sum(place.lat for place in places) / len(places), abs=2e-5)
    states = [sum(GROUP_CODES[GROUPS[ticket.state]] == code for ticket in tickets) for code in EVERY_GROUP]
    assert cell[2:] == states


def test_a_point_tells_number_place_category_and_state(session: Session, tickets: list[Ticket]) -> None:
    points = json.loads(look(session, 19).points)
    for number, lon, lat, category, status in points:
        ticket = session.scalars(select(Ticket).where(Ticket.id == number)).one()
        assert (category, status) == (ticket.category.key, ticket.status)
        assert ticket.place
        assert (lon, lat) == (pytest.approx(ticket.place.lon, abs=1e-6), pytest.approx(ticket.place.lat, abs=1e-6))


@pytest.mark.parametrize("zoom", [8, 14, 19])
def test_filters_leave_the_others_out(session: Session, tickets: list[Ticket], zoom: int) -> None:
    done = sum(ticket.status == Status.RESOLVED for ticket in tickets)
    some = look(session, zoom, groups=[3])
    none = look(session, zoom, categories=[tickets[0].category_id + 1])
    assert some.total <= done
    assert all(status == Status.RESOLVED for *_, status in json.loads(some.points))
    assert all(cell[2] == cell[3] == cell[5] == 0 for cell in json.loads(some.cells))
    assert none == Picture(0, "[]", "[]")
    assert look(session, zoom, categories=[]) == none
    assert look(session, zoom, groups=[]) == none


def _beside(session: Session, ticket: Ticket) -> Ticket:
    other = Ticket(
        category=ticket.category,
        department=ticket.department,
        urgency="normal",
        because={},
        reported_at=ticket.reported_at,
        updated_at=ticket.updated_at,
        published_at=ticket.published_at,
    )
    other.place = ticket.place
    session.add(other)
    return other
