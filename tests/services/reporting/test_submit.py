"""One report, one transaction: ticket, history and what has to be told, all or nothing."""

import uuid
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from maengelmelder.domain.errors import Refusals
from maengelmelder.domain.history import Entry, Event, seal
from maengelmelder.services.reporting.submit import SubmissionTaken
from maengelmelder.store.models import Delivery, Photo, Report, Ticket, TicketEvent, TicketText
from tests.conftest import Clock
from tests.reports import ALTSTADT, POTHOLE, take_in

ALL_TABLES = (Ticket, Report, TicketText, TicketEvent, Delivery, Photo)


def parts(ticket: Ticket) -> list[TicketText | Photo]:
    return [*ticket.texts, *ticket.photos]


def test_a_report_opens_a_ticket_at_the_lighting_department(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    assert (ticket.department.key, ticket.status, ticket.place) == ("swl_licht", "received", ALTSTADT)
    assert ticket.because == {"rule": "category", "question": "", "option": "", "area": ""}
    assert ticket.reported_at == ticket.published_at == clock()


def test_a_hedge_on_private_ground_goes_where_the_answer_says(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), category="bewuchs", answers={"eigentum": ["privatgrundstueck"]})
    assert ticket.department.key == "ordnung"
    assert ticket.because["rule"] == "answer"
    assert ticket.because["option"] == "privatgrundstueck"


def test_the_story_begins_with_two_sealed_entries(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    first, second = ticket.events
    assert [first.event, second.event] == [Event.REPORTED, Event.ROUTED]
    assert second.data == {"department": "swl_licht", "rule": "category"}
    entry = Entry(ticket.id, 2, second.at, Event.ROUTED, second.actor, second.data)
    assert second.seal == seal(entry, first.seal)


def test_the_history_holds_no_word_of_the_report(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), name="Rosa Muster", email="rosa@example.org", description="bei Familie Huber")
    said = str([(event.data, event.actor) for event in ticket.events])
    for word in ("Rosa", "rosa@", "Huber"):
        assert word not in said


def test_the_same_submission_finds_the_same_report(session: Session, clock: Clock) -> None:
    submission, secret = str(uuid.uuid4()), "a" * 64
    first = take_in(session, clock(), submission=submission, secret_hash=secret)
    second = take_in(session, clock(), description="ganz anders", submission=submission, secret_hash=secret)
    assert first.id == second.id
    assert session.scalar(select(func.count()).select_from(Report)) == 1
    assert second.texts[0].body == "Die Laterne vor dem Rathaus ist aus."


def test_somebody_elses_submission_is_not_given_away(session: Session, clock: Clock) -> None:
    submission = str(uuid.uuid4())
    take_in(session, clock(), submission=submission, secret_hash="a" * 64)
    with pytest.raises(SubmissionTaken):
        take_in(session, clock(), submission=submission, secret_hash="b" * 64)


def test_a_client_without_a_secret_finds_its_report_again(session: Session, clock: Clock) -> None:
    submission = str(uuid.uuid4())
    minted: dict[str, Any] = {"submission": submission, "secret_is_minted": True}
    first = take_in(session, clock(), **minted)
    assert take_in(session, clock(), **minted).id == first.id


def test_a_refused_report_leaves_nothing_behind(session: Session, clock: Clock) -> None:
    with pytest.raises(Refusals):
        take_in(session, clock(), description="x" * 5000)
    session.rollback()
    assert [session.scalar(select(func.count()).select_from(table)) for table in ALL_TABLES] == [0] * len(ALL_TABLES)


def test_words_and_photos_wait_for_a_clerk(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), photos=(POTHOLE,), address="Altstadt 12")
    assert {text.kind: text.released_at for text in ticket.texts} == {"description": None, "address": None}
    assert [photo.released_at for photo in ticket.photos] == [None]
    assert all(thing.releasable for thing in parts(ticket))


def test_a_city_that_trusts_its_citizens_shows_words_at_once(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), publish="immediate", photos=(POTHOLE,))
    assert ticket.texts[0].released_at == clock()
    assert ticket.photos[0].released_at == clock()


def test_what_must_never_be_public_beats_the_citys_choice(session: Session, clock: Clock) -> None:
    wreck = take_in(
        session,
        clock(),
        category="schrottauto",
        answers={"kennzeichen": ["LA-X 1"]},
        publish="immediate",
        photos=(POTHOLE,),
    )
    assert wreck.published_at is None
    assert not any(thing.releasable or thing.released_at for thing in parts(wreck))


def test_a_hint_at_the_culprit_is_never_releasable(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), category="muell_wild", answers={"verursacher": ["ein weißer Lieferwagen"]})
    assert {text.kind: text.releasable for text in ticket.texts} == {"description": True, "answer": False}


def test_a_flood_from_one_network_waits_for_a_clerk_as_a_whole(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), held=True, publish="immediate")
    assert (ticket.held, ticket.published_at) == (True, None)
    assert ticket.texts[0].released_at is None


def test_a_ticket_with_an_address_alone_waits_at_the_desk(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), place=None, address="Altstadt 12")
    session.expire_all()
    assert ticket.place is None
    assert (ticket.department.key, ticket.because["rule"]) == ("redaktion", "place")


def test_numbers_are_never_used_twice(session: Session, clock: Clock) -> None:
    first = take_in(session, clock()).id
    assert take_in(session, clock()).id > first
