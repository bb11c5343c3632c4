"""Words, photos and answers that come after the report."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.domain.errors import Refusals
from maengelmelder.domain.history import Event
from maengelmelder.domain.reports import Publish
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.reporting.add_to_report import Addition, add_to_report
from maengelmelder.services.reporting.answer_question import answer_question
from maengelmelder.services.reporting.own_past import find_question, is_answered
from maengelmelder.store.models import Delivery, Photo, Ticket, TicketEvent, TicketText
from maengelmelder.store.queries.catalogue import get_catalogue
from tests.conftest import Clock
from tests.reports import POTHOLE, keep_original, take_in
from tests.worker.test_deliver import text_of

LIGHTING = "strassenbeleuchtung@maengelmelder.example"


def add(
    session: Session,
    ticket: Ticket,
    clock: Clock,
    words: str = "Jetzt flackert sie.",
    *,
    photos: Sequence[str] = (),
    once: str = "one",
    publish: Publish = "review",
) -> bool:
    addition = Addition(words, photos, once)
    done = add_to_report(session, get_catalogue(session), ticket.reports[0], addition, publish=publish, now=clock())
    session.commit()
    return done


def ask(session: Session, ticket: Ticket, clock: Clock, question: str = "Welche Laterne genau?") -> None:
    move(session, ticket, Wish(ticket.version, "waiting", answer=question), "user:1", clock())
    session.commit()


def reply(session: Session, ticket: Ticket, clock: Clock, words: str = "Die dritte.", once: str = "r") -> bool:
    done = answer_question(
        session, get_catalogue(session), ticket.reports[0], words, once=once, publish="review", now=clock()
    )
    session.commit()
    return done


def test_what_was_added_waits_for_its_release_and_stands_in_the_history(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    version = ticket.version
    assert add(session, ticket, clock, photos=[keep_original(POTHOLE)])
    text = session.scalars(select(TicketText).where(TicketText.kind == "addition")).one()
    photo = session.scalars(select(Photo)).one()
    event = session.scalars(select(TicketEvent).where(TicketEvent.event == Event.ADDED)).one()
    assert (text.body, text.releasable, text.released_at) == ("Jetzt flackert sie.", True, None)
    assert (photo.state, photo.releasable, photo.released_at) == ("waiting", True, None)
    assert (event.actor, event.text_id, event.data["photos"]) == ("reporter", text.id, [photo.id])
    assert "flackert" not in str(event.data)
    assert ticket.version == version + 1


def test_a_city_that_publishes_at_once_also_publishes_what_comes_later(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), publish="immediate")
    add(session, ticket, clock, photos=[keep_original(POTHOLE)], publish="immediate")
    assert session.scalars(select(TicketText.released_at).where(TicketText.kind == "addition")).one() == clock()
    assert session.scalars(select(Photo.released_at)).one() == clock()


@pytest.mark.parametrize("publish", ["review", "immediate"])
def test_what_comes_later_to_a_matter_that_is_never_public_is_never_public(
    session: Session, clock: Clock, publish: Publish
) -> None:
    ticket = take_in(session, clock(), category="parken", answers={"art": ["gehweg"]}, publish=publish)
    assert ticket.published_at is None
    add(session, ticket, clock, photos=[], publish=publish)
    text = session.scalars(select(TicketText).where(TicketText.kind == "addition")).one()
    assert (text.releasable, text.released_at) == (False, None)


def test_nothing_later_shows_at_once_while_the_ticket_is_held(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), publish="immediate", held=True)
    add(session, ticket, clock, publish="immediate")
    assert session.scalars(select(TicketText.released_at).where(TicketText.kind == "addition")).one() is None


def test_a_double_tap_adds_once(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    assert [add(session, ticket, clock, once=once) for once in ("a", "a", "b")] == [True, False, True]
    assert len(session.scalars(select(TicketText).where(TicketText.kind == "addition")).all()) == 2
    assert len(session.scalars(select(Delivery).where(Delivery.kind == "addition")).all()) == 2


def test_nothing_is_written_for_a_refused_addition(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    with pytest.raises(Refusals, match="addition_empty"):
        add(session, ticket, clock, words=" ")
    session.rollback()
    assert session.scalars(select(TicketEvent).where(TicketEvent.event == Event.ADDED)).all() == []


def test_the_department_gets_one_mail_with_only_the_new_photos(
    session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    ticket = take_in(session, clock(), photos=(POTHOLE,), name="Rosa Muster", email="rosa@example.org")
    work()
    mailbox.sent.clear()
    add(session, ticket, clock, photos=[keep_original(POTHOLE)])
    work()
    [mail] = mailbox.sent
    assert (mail["To"], mail["Subject"]) == (LIGHTING, f"[Mängelmelder {ticket.id}] Ergänzung: Straßenlaterne defekt")
    assert "Jetzt flackert sie." in text_of(mail)
    assert "Ein neues Foto im Anhang." in text_of(mail)
    assert len(list(mail.iter_attachments())) == 1
    assert not any(word in text_of(mail) for word in ("Rosa", "rosa@example.org"))


def test_an_answer_reaches_the_department_and_leaves_the_status_to_the_clerk(
    session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    ticket = take_in(session, clock())
    ask(session, ticket, clock)
    work()
    mailbox.sent.clear()
    assert not is_answered(ticket.events)
    assert reply(session, ticket, clock)
    assert not reply(session, ticket, clock)
    work()
    [mail] = mailbox.sent
    assert "Rückfrage beantwortet" in mail["Subject"]
    assert "Die dritte." in text_of(mail)
    session.expire_all()
    assert ticket.status == "waiting"
    assert is_answered(ticket.events)


def test_a_second_question_is_open_again(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    assert find_question(ticket.events) is None
    ask(session, ticket, clock)
    reply(session, ticket, clock)
    move(session, ticket, Wish(ticket.version, answer="Danke. Und seit wann?"), "user:1", clock())
    session.commit()
    session.expire_all()
    question = find_question(ticket.events)
    assert question is not None
    assert question.text is not None
    assert question.text.body == "Danke. Und seit wann?"
    assert not is_answered(ticket.events)
    move(session, ticket, Wish(ticket.version, "accepted"), "user:1", clock())
    session.commit()
    session.expire_all()
    assert find_question(ticket.events) is None
