"""Whatever happens to tickets, the map's cells count what everybody may see, no more and no less."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.database import db
from maengelmelder.domain.cells import ALL_CATEGORIES, LEVELS, code_at, grid_position, place_code
from maengelmelder.domain.cells import GROUP_CODES as CODES
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import Place
from maengelmelder.domain.tickets import GROUPS, Status
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.cells import empty_cells, keep_cells
from maengelmelder.store.models import Category, Ticket, map_cells
from tests.conftest import MONDAY, Clock
from tests.reports import take_in

Cells = dict[tuple[int, int, int, int], tuple[int, int, int]]


def kept(session: Session) -> Cells:
    """The cells as they are in the table."""
    rows = session.execute(select(map_cells)).all()
    return {tuple(row[:4]): tuple(row[4:]) for row in rows}


def counted_anew(session: Session) -> Cells:
    """The cells as somebody would count them who reads every ticket; by another way than the program's."""
    cells: Cells = {}
    for ticket in session.scalars(select(Ticket)):
        if ticket.place is None or ticket.published_at is None or ticket.merged_into_id is not None:
            continue
        x, y = grid_position(ticket.place)
        group = CODES[GROUPS[Status(ticket.status)]]
        for level in LEVELS:
            for category in (ALL_CATEGORIES, ticket.category_id):
                key = (level, category, group, code_at(level, place_code(ticket.place)))
                n, sum_x, sum_y = cells.get(key, (0, 0, 0))
                cells[key] = (n + 1, sum_x + x, sum_y + y)
    return cells


def test_a_new_ticket_stands_in_a_cell_of_every_level(session: Session, clock: Clock) -> None:
    take_in(session, clock())
    session.commit()
    cells = kept(session)
    assert len(cells) == 2 * len(LEVELS)
    assert cells == counted_anew(session)


def test_a_ticket_without_a_place_is_in_no_cell(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    ticket.place = None
    session.commit()
    assert kept(session) == {}


def test_what_a_transaction_took_back_is_not_counted(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    session.commit()
    before = kept(session)
    ticket.published_at = None
    session.flush()
    session.rollback()
    savepoint = session.begin_nested()
    ticket.place = None
    session.flush()
    savepoint.rollback()
    session.commit()
    assert kept(session) == before


def test_counting_anew_ends_in_the_same_cells(session: Session, clock: Clock) -> None:
    numbers = []
    for _ in range(3):
        ticket = take_in(session, clock())
        session.commit()
        numbers.append(ticket.id)
    before = kept(session)
    empty_cells(session)
    session.commit()
    assert kept(session) == {}
    keep_cells(session, numbers[:2])
    keep_cells(session, numbers)  # once more, as after a kill
    session.commit()
    assert kept(session) == before


def _move_pin(session: Session, ticket: Ticket, lot: int) -> None:
    ticket.place = Place(12.10 + lot % 97 / 970, 48.50 + lot % 89 / 890)


def _recategorise(session: Session, ticket: Ticket, lot: int) -> None:
    categories = session.scalars(select(Category).order_by(Category.id)).all()
    ticket.category = categories[lot % len(categories)]


def _hide_or_show(session: Session, ticket: Ticket, lot: int) -> None:
    ticket.published_at = None if ticket.published_at else MONDAY + timedelta(days=lot % 9)


def _merge_or_part(session: Session, ticket: Ticket, lot: int) -> None:
    others = session.scalars(select(Ticket.id).where(Ticket.id != ticket.id).order_by(Ticket.id)).all()
    ticket.merged_into_id = None if ticket.merged_into_id or not others else others[lot % len(others)]


def _handle(session: Session, ticket: Ticket, lot: int) -> None:
    wish = Wish(ticket.version, status=list(Status)[lot % len(Status)], answer="Danke.", reason="other")
    with suppress(Refusal):  # the table of moves does not know every move
        move(session, ticket, wish, actor="clerk", now=MONDAY)


def _lose_place(session: Session, ticket: Ticket, lot: int) -> None:
    ticket.place = None


STEPS: list[Callable[[Session, Ticket, int], None]] = [
    *(_move_pin, _recategorise, _hide_or_show, _merge_or_part, _handle, _lose_place)
]
steps = st.tuples(st.sampled_from(STEPS), st.integers(0, 10_000), st.sampled_from(["commit", "go on", "rollback"]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=12))
def test_after_any_history_the_cells_are_a_recount(
    app: Flask, history: list[tuple[Callable[..., None], int, str]]
) -> None:
    with app.app_context():
        session = db.session()
        if session.scalars(select(Ticket)).first() is None:
            for _ in range(3):
                take_in(session, MONDAY)
            session.commit()
        for step, lot, end in history:
            tickets = session.scalars(select(Ticket).order_by(Ticket.id)).all()
            step(session, tickets[lot % len(tickets)], lot)
            if end != "go on":
                getattr(session, end)()
        session.commit()
        assert kept(session) == counted_anew(session)
        db.session.remove()
