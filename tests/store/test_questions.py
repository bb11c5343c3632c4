"""Finding the answers that wait for a clerk, the same as the reporter's page tells it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.reporting.own_past import is_answered
from maengelmelder.store.models import Ticket
from maengelmelder.store.queries.questions import has_answer
from tests.conftest import Clock
from tests.reports import take_in
from tests.services.reporting.test_add_to_report import add, ask, reply


def waiting(session: Session) -> list[int]:
    session.expire_all()
    found = list(session.scalars(select(Ticket.id).where(has_answer()).order_by(Ticket.id)))
    assert found == [ticket.id for ticket in session.scalars(select(Ticket)) if is_answered(ticket.events)]
    return found


def test_an_answer_waits_until_a_clerk_moves_or_asks_again(session: Session, clock: Clock) -> None:
    take_in(session, clock())
    ticket = take_in(session, clock())
    assert waiting(session) == []
    ask(session, ticket, clock)
    add(session, ticket, clock)
    assert waiting(session) == []
    reply(session, ticket, clock)
    assert waiting(session) == [ticket.id]
    move(session, ticket, Wish(ticket.version, note="Nur für uns."), "user:1", clock())
    session.commit()
    assert waiting(session) == [ticket.id]
    move(session, ticket, Wish(ticket.version, answer="Danke. Und seit wann?"), "user:1", clock())
    session.commit()
    assert waiting(session) == []
    reply(session, ticket, clock, "Seit Montag.", once="again")
    assert waiting(session) == [ticket.id]
    move(session, ticket, Wish(ticket.version, "accepted"), "user:1", clock())
    session.commit()
    assert waiting(session) == []
