"""Moving a ticket: everything is decided first, then written, sealed and told."""

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.history import START, Entry, Event, hash_words, seal
from maengelmelder.services.handling.move import MAX_WORDS, Wish, move
from maengelmelder.services.handling.transfer import refuse, transfer
from maengelmelder.services.publishing.release import decide_text
from maengelmelder.store.models import Delivery, Department, Report, Ticket, TicketEvent, TicketText
from maengelmelder.store.queries.catalogue import get_catalogue
from tests.conftest import Clock
from tests.reports import take_in

ANNA = "user:1"


@pytest.fixture
def ticket(session: Session, clock: Clock) -> Ticket:
    """A street lamp, just reported."""
    return take_in(session, clock())


def refusal_of(session: Session, ticket: Ticket, wish: Wish, clock: Clock) -> tuple[str, str | None]:
    """Code and field of the refusal; the session must be as clean as before."""
    with pytest.raises(Refusal) as caught:
        move(session, ticket, wish, ANNA, clock())
    assert not session.new
    assert not session.dirty
    return caught.value.code, caught.value.field


def test_a_move_changes_the_status_and_is_written_down(session: Session, clock: Clock, ticket: Ticket) -> None:
    clock.pass_(hours=2)
    event = move(session, ticket, Wish(1, "accepted"), ANNA, clock())
    session.commit()
    session.refresh(ticket)
    assert (ticket.status, ticket.version, ticket.updated_at) == ("accepted", 2, clock())
    assert event is not None
    assert (event.event, event.actor, event.at) == (Event.MOVED, ANNA, clock())
    assert event.data == {"before": "received", "after": "accepted"}


def test_words_stand_in_rows_of_their_own_and_never_in_the_history(
    session: Session, clock: Clock, ticket: Ticket
) -> None:
    move(session, ticket, Wish(1, "accepted", answer="  Wir kommen. ", note=" Leiter! "), ANNA, clock())
    session.commit()
    texts = {text.kind: text for text in session.scalars(select(TicketText).where(TicketText.report_id.is_(None)))}
    assert {kind: text.body for kind, text in texts.items()} == {"reply": "Wir kommen.", "note": "Leiter!"}
    assert texts["reply"].released_at == clock()
    assert not texts["note"].releasable
    for event in session.scalars(select(TicketEvent)):
        assert "Leiter" not in str(event.data)
        assert "kommen" not in str(event.data)


def test_a_public_answer_alone_leaves_the_status(session: Session, clock: Clock, ticket: Ticket) -> None:
    event = move(session, ticket, Wish(1, answer="Danke!"), ANNA, clock())
    assert (event.event if event else None, ticket.status) == (Event.ANSWERED, "received")
    event = move(session, ticket, Wish(2, "received", note="Nur für uns"), ANNA, clock())
    assert (event.event if event else None, ticket.version) == (Event.NOTED, 3)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(2, "accepted"), ("version_stale", "version")),
        (Wish(0, "accepted", note="x" * 9999), ("version_stale", "version")),
        (Wish(1), ("nothing_to_do", "status")),
        (Wish(1, "received", answer=" \n", note="\t"), ("nothing_to_do", "status")),
        (Wish(1, "gone"), ("status_unknown", "status")),
        (Wish(1, "declined", note="bleibt nicht"), ("reason_missing", "reason")),
        (Wish(1, "waiting", note="bleibt nicht"), ("question_missing", "answer")),
        (Wish(1, "forwarded", note="bleibt nicht"), ("receiver_missing", "receiver")),
        (Wish(1, "forwarded", receiver="tba", note="x"), ("receiver_unknown", "receiver")),
        (Wish(1, "forwarded", receiver="\x00", note="x"), ("receiver_unknown", "receiver")),
        (Wish(1, "accepted", answer="x" * (MAX_WORDS + 1)), ("text_too_long", "answer")),
        (Wish(1, "accepted", note="a\x07b"), ("text_not_printable", "note")),
        (Wish(1, "accepted", answer="\ud800"), ("text_not_printable", "answer")),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    session: Session, clock: Clock, ticket: Ticket, wish: Wish, expected: tuple[str, str]
) -> None:
    before = session.scalar(select(func.count(TicketEvent.id)))
    assert refusal_of(session, ticket, wish, clock) == expected
    assert session.scalar(select(func.count(TicketEvent.id))) == before
    assert session.scalar(select(func.count(TicketText.id)).where(TicketText.kind == "note")) == 0
    assert (ticket.status, ticket.version) == ("received", 1)


def test_the_longest_words_are_taken(session: Session, clock: Clock, ticket: Ticket) -> None:
    move(session, ticket, Wish(1, answer="ß" * MAX_WORDS, note="\U0001f573" * MAX_WORDS), ANNA, clock())
    session.commit()
    session.expire_all()
    assert len(ticket.texts[-1].body) == MAX_WORDS


def test_forwarding_names_a_body_outside_the_town_hall(session: Session, clock: Clock, ticket: Ticket) -> None:
    move(session, ticket, Wish(1, "forwarded", receiver="stba"), ANNA, clock())
    assert ticket.forwarded_to is not None
    assert (ticket.forwarded_to.key, ticket.department.key, ticket.closed_at) == ("stba", "swl_licht", clock())
    move(session, ticket, Wish(2, "accepted"), ANNA, clock())
    assert _ends(ticket) == (None, None)


def _ends(ticket: Ticket) -> tuple[str | None, datetime | None]:
    return ticket.forwarded_to.key if ticket.forwarded_to else None, ticket.closed_at


def test_a_department_that_was_retired_receives_nothing(session: Session, clock: Clock, ticket: Ticket) -> None:
    stba = session.scalars(select(Department).where(Department.key == "stba")).one()
    stba.active = False
    session.flush()
    with pytest.raises(Refusal, match="receiver_unknown"):
        move(session, ticket, Wish(1, "forwarded", receiver="stba"), ANNA, clock())
    session.rollback()


def test_closing_and_reopening_keep_the_time_right(session: Session, clock: Clock, ticket: Ticket) -> None:
    move(session, ticket, Wish(1, "resolved"), ANNA, clock())
    assert _ends(ticket) == (None, clock())
    clock.pass_(days=1)
    move(session, ticket, Wish(2, "in_progress"), ANNA, clock())
    assert _ends(ticket) == (None, None)
    move(session, ticket, Wish(3, "declined", reason="no_defect"), ANNA, clock())
    assert (ticket.closed_at, ticket.decline_reason) == (clock(), "no_defect")
    move(session, ticket, Wish(4, "accepted"), ANNA, clock())
    assert _ends(ticket) == (None, None)
    assert ticket.decline_reason == ""


def test_only_confirmed_addresses_are_told_and_never_of_a_note(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), email="rosa@example.org")
    silent = _notices(session)
    move(session, ticket, Wish(1, "accepted"), ANNA, clock())
    assert _notices(session) == silent == 0
    session.scalars(select(Report)).one().email_confirmed_at = clock()
    move(session, ticket, Wish(2, note="intern"), ANNA, clock())
    assert _notices(session) == 0
    move(session, ticket, Wish(3, answer="Danke"), ANNA, clock())
    move(session, ticket, Wish(4, "resolved", answer="Fertig", note="intern"), ANNA, clock())
    assert _notices(session) == 2


def _notices(session: Session) -> int:
    return session.scalar(select(func.count(Delivery.id)).where(Delivery.kind == "notice")) or 0


def test_a_long_story_stays_sealed_from_the_first_to_the_last_entry(
    session: Session, clock: Clock, ticket: Ticket
) -> None:
    city = get_catalogue(session)
    move(session, ticket, Wish(1, "accepted", answer="Äußerst ärgerlich „…“ 🕳", note="Notiz"), ANNA, clock())
    clock.pass_(minutes=7, microseconds=1)
    transfer(session, ticket, "tba", version=2, note="", actor=ANNA, now=clock())
    refuse(session, city, ticket, version=3, note="Nein", proposal="sga", actor="user:2", now=clock())
    decide_text(session, ticket, ticket.texts[0].id, "release", version=4, actor=ANNA, now=clock())
    move(session, ticket, Wish(5, "declined", reason="spam"), ANNA, clock())
    number = ticket.id
    session.commit()
    session.expunge_all()
    assert len(_broken_seals(session, number)) == 0
    assert [event.position for event in session.get_one(Ticket, number).events] == list(range(1, 9))


def test_a_forged_entry_is_found(session: Session, clock: Clock, ticket: Ticket) -> None:
    move(session, ticket, Wish(1, "accepted"), ANNA, clock())
    move(session, ticket, Wish(2, "resolved"), ANNA, clock())
    number = ticket.id
    session.commit()
    session.get_one(Ticket, number).events[2].actor = "user:99"
    session.flush()
    assert _broken_seals(session, number) == [3]
    session.rollback()


def test_words_that_were_rewritten_are_found_and_erased_ones_are_not_missed(
    session: Session, clock: Clock, ticket: Ticket
) -> None:
    move(session, ticket, Wish(1, answer="Wir kommen am Montag."), ANNA, clock())
    session.flush()
    event = ticket.events[-1] if ticket.events[-1].text else session.get_one(Ticket, ticket.id).events[-1]
    text = event.text
    assert text is not None
    assert hash_words(text.body, text.salt) == event.words
    text.body = "Wir kommen nie."
    assert hash_words(text.body, text.salt) != event.words
    assert _broken_seals(session, ticket.id) == []
    session.rollback()


def _broken_seals(session: Session, number: int) -> list[int]:
    """The positions whose seal is not what the entry and the seal before it give."""
    broken, previous = [], START
    rows = session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == number).order_by(TicketEvent.position))
    for row in rows:
        entry = Entry(row.ticket_id, row.position, row.at, Event(row.event), row.actor, row.data, row.words)
        if seal(entry, previous) != row.seal:
            broken.append(row.position)
        previous = row.seal
    return broken
