"""Handing a ticket on: the new department is told, the old one lets go, and nothing ever lies with nobody."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.history import Event
from maengelmelder.services.handling.move import MAX_WORDS
from maengelmelder.services.handling.transfer import refuse, transfer
from maengelmelder.store.models import Delivery, Department, Ticket, TicketText
from maengelmelder.store.queries.catalogue import get_catalogue
from tests.conftest import Clock
from tests.reports import take_in

ANNA = "user:1"


@pytest.fixture
def ticket(session: Session, clock: Clock) -> Ticket:
    """A street lamp, just reported."""
    return take_in(session, clock())


def hand_over(session: Session, ticket: Ticket, clock: Clock, to: str, **changes: Any) -> None:
    said: dict[str, Any] = {"version": 1, "note": "", "actor": ANNA, "now": clock()}
    transfer(session, ticket, to, **(said | changes))
    session.flush()


def send_back(session: Session, ticket: Ticket, clock: Clock, **changes: Any) -> None:
    said: dict[str, Any] = {"version": 1, "note": "Nicht unseres", "proposal": "", "actor": ANNA, "now": clock()}
    refuse(session, get_catalogue(session), ticket, **(said | changes))
    session.flush()


def told(session: Session) -> list[str]:
    """The departments that get a mail because they are responsible, in order."""
    rows = session.scalars(select(Delivery).where(Delivery.kind == "department").order_by(Delivery.id))
    return [row.department.key for row in rows if row.department]


def test_a_transfer_tells_the_new_department_and_stands_in_the_history(
    session: Session, clock: Clock, ticket: Ticket
) -> None:
    hand_over(session, ticket, clock, "tba", note=" Der Mast ist Sache der Straße. ")
    assert (ticket.department.key, ticket.version, ticket.status) == ("tba", 2, "received")
    assert told(session) == ["swl_licht", "tba"]
    event = session.get_one(Ticket, ticket.id).events[-1]
    assert (event.event, event.data) == (Event.TRANSFERRED, {"before": "swl_licht", "department": "tba"})
    assert event.text is not None
    assert (event.text.body, event.text.kind) == ("Der Mast ist Sache der Straße.", "note")
    assert not event.text.releasable


def test_who_becomes_responsible_no_longer_reads_along(session: Session, clock: Clock, ticket: Ticket) -> None:
    ticket.copies = list(session.scalars(select(Department).where(Department.key.in_(["tba", "sga"]))))
    hand_over(session, ticket, clock, "tba")
    assert [department.key for department in ticket.copies] == ["sga"]


def test_a_department_without_an_address_is_told_by_other_means(session: Session, clock: Clock, ticket: Ticket) -> None:
    hand_over(session, ticket, clock, "privat")
    assert (ticket.department.key, told(session)) == ("privat", ["swl_licht"])


def test_a_refusal_returns_the_ticket_to_the_desk_with_a_proposal(
    session: Session, clock: Clock, ticket: Ticket
) -> None:
    send_back(session, ticket, clock, proposal="stba")
    assert ticket.department.key == "redaktion"
    assert told(session) == ["swl_licht", "redaktion"]
    event = session.get_one(Ticket, ticket.id).events[-1]
    assert event.event == Event.REFUSED
    assert event.data == {"before": "swl_licht", "department": "redaktion", "proposal": "stba"}


@pytest.mark.parametrize(
    ("to", "changes", "expected"),
    [
        ("tba", {"version": 7}, ("version_stale", "version")),
        ("swl_licht", {}, ("department_same", "department")),
        ("", {}, ("department_unknown", "department")),
        ("\x00", {}, ("department_unknown", "department")),
        ("tba", {"note": "x" * (MAX_WORDS + 1)}, ("text_too_long", "note")),
        ("tba", {"note": "a\x00"}, ("text_not_printable", "note")),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(
    session: Session, clock: Clock, ticket: Ticket, to: str, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    with pytest.raises(Refusal) as caught:
        hand_over(session, ticket, clock, to, **changes)
    assert (caught.value.code, caught.value.field) == expected
    _nothing_happened(session, ticket)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"version": 0}, ("version_stale", "version")),
        ({"note": " \n "}, ("note_missing", "note")),
        ({"note": "x" * (MAX_WORDS + 1)}, ("text_too_long", "note")),
        ({"proposal": "nirgends"}, ("department_unknown", "proposal")),
        ({"proposal": "swl_licht"}, ("department_same", "proposal")),
    ],
)
def test_a_refusal_that_says_too_little_is_refused(
    session: Session, clock: Clock, ticket: Ticket, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    with pytest.raises(Refusal) as caught:
        send_back(session, ticket, clock, **changes)
    assert (caught.value.code, caught.value.field) == expected
    _nothing_happened(session, ticket)


def _nothing_happened(session: Session, ticket: Ticket) -> None:
    assert not session.new
    assert not session.dirty
    assert (ticket.department.key, ticket.version, len(ticket.events)) == ("swl_licht", 1, 2)
    assert session.query(TicketText).filter_by(kind="note").count() == 0
    assert told(session) == ["swl_licht"]


def test_a_retired_department_takes_nothing(session: Session, clock: Clock, ticket: Ticket) -> None:
    session.scalars(select(Department).where(Department.key == "tba")).one().active = False
    session.flush()
    with pytest.raises(Refusal, match="department_unknown"):
        hand_over(session, ticket, clock, "tba")
    session.rollback()


def test_the_desk_cannot_refuse_to_itself(session: Session, clock: Clock, ticket: Ticket) -> None:
    send_back(session, ticket, clock)
    with pytest.raises(Refusal, match="department_same"):
        send_back(session, ticket, clock, version=2)
