"""What reporters add or answer later, as staff see it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.models import TicketText
from tests.conftest import Clock
from tests.reports import POTHOLE, keep_original, take_in
from tests.services.reporting.test_add_to_report import add, ask, reply
from tests.web.staff.conftest import LAMPS, Enter, send


def release(enter: Enter, session: Session, number: int) -> datetime | None:
    text_id = session.scalars(select(TicketText.id).where(TicketText.kind == "addition")).one()
    session.rollback()
    assert send(enter("clerk", LAMPS), number, "freigabe", text=str(text_id), decision="release").status_code == 303
    session.rollback()
    return session.get_one(TicketText, text_id).released_at


def test_a_clerk_reads_what_was_added_and_releases_it(enter: Enter, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    add(session, ticket, clock, "Jetzt flackert sie.", photos=[keep_original(POTHOLE), keep_original(POTHOLE)])
    page = enter("clerk", LAMPS).get(f"/verwaltung/vorgang/{ticket.id}").text
    assert page.count("Jetzt flackert sie.") == 2
    assert "<strong>Ergänzt</strong> <span>2 Fotos</span>" in page
    assert release(enter, session, ticket.id) == clock()


def test_an_answered_question_is_seen_in_the_inbox_and_on_the_ticket_until_a_clerk_moves(
    enter: Enter, session: Session, clock: Clock
) -> None:
    ticket = take_in(session, clock())
    clerk = enter("clerk", LAMPS)
    addresses = ("/verwaltung/", f"/verwaltung/vorgang/{ticket.id}")
    flag = "</svg>Rückfrage beantwortet<"
    ask(session, ticket, clock)
    assert [flag in clerk.get(address).text for address in addresses] == [False, False]
    reply(session, ticket, clock)
    assert [flag in clerk.get(address).text for address in addresses] == [True, True]
    move(session, ticket, Wish(ticket.version, "in_progress"), "user:1", clock())
    session.commit()
    assert [flag in clerk.get(address).text for address in addresses] == [False, False]


def test_a_clerk_who_saw_an_older_state_finds_out_that_something_was_added(
    enter: Enter, session: Session, clock: Clock
) -> None:
    ticket = take_in(session, clock())
    seen = ticket.version
    add(session, ticket, clock, "Jetzt flackert sie.")
    answer = send(enter("clerk", LAMPS), ticket.id, "status", status="accepted", version=str(seen))
    assert answer.status_code == 409
    assert "Inzwischen" in answer.text
