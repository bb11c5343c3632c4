"""Releasing: each text and each photo for itself, and never what must not be public."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.history import Event
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.publishing.release import decide_photo, decide_text, release_held
from maengelmelder.store.models import Photo, Ticket, TicketText
from tests.conftest import Clock
from tests.reports import POTHOLE, take_in

ANNA = "user:1"


@pytest.fixture
def ticket(session: Session, clock: Clock) -> Ticket:
    """A street lamp with two texts and a photo that the worker has made ready."""
    found = take_in(session, clock(), address="Altstadt 1", photos=(POTHOLE,))
    found.photos[0].state = "ready"
    session.commit()
    return found


def by(clock: Clock, version: int = 1) -> dict[str, Any]:
    return {"version": version, "actor": ANNA, "now": clock()}


def text_of(ticket: Ticket, kind: str) -> TicketText:
    return next(text for text in ticket.texts if text.kind == kind)


def last_of(session: Session, ticket: Ticket) -> tuple[str, dict[str, Any]]:
    session.flush()
    session.refresh(ticket)
    return ticket.events[-1].event, ticket.events[-1].data


def test_one_text_is_released_and_the_other_still_waits(session: Session, clock: Clock, ticket: Ticket) -> None:
    clock.pass_(hours=1)
    description = text_of(ticket, "description")
    decide_text(session, ticket, description.id, "release", **by(clock))
    assert (description.released_at, description.withheld_at) == (clock(), None)
    assert text_of(ticket, "address").released_at is None
    assert ticket.photos[0].released_at is None
    assert last_of(session, ticket) == (Event.TEXT_RELEASED, {"text_id": description.id})
    assert ticket.version == 2


def test_a_decision_can_be_taken_back(session: Session, clock: Clock, ticket: Ticket) -> None:
    photo = ticket.photos[0]
    decide_photo(session, ticket, photo.id, "release", **by(clock))
    decide_photo(session, ticket, photo.id, "withhold", **by(clock, 2))
    assert (photo.released_at, photo.withheld_at) == (None, clock())
    assert last_of(session, ticket) == (Event.PHOTO_WITHHELD, {"photo": photo.id})
    decide_photo(session, ticket, photo.id, "release", **by(clock, 3))
    assert (photo.released_at, photo.withheld_at) == (clock(), None)


def refusal_of(action: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refusal) as caught:
        action(*arguments, **named)
    return caught.value.code


@pytest.mark.parametrize("state", ["waiting", "failed"])
def test_a_photo_that_was_not_made_ready_is_never_released(
    session: Session, clock: Clock, ticket: Ticket, state: str
) -> None:
    ticket.photos[0].state = state
    session.commit()
    assert refusal_of(decide_photo, session, ticket, ticket.photos[0].id, "release", **by(clock)) == "photo_unknown"
    decide_photo(session, ticket, ticket.photos[0].id, "withhold", **by(clock))
    assert ticket.photos[0].withheld_at == clock()


def test_what_the_category_forbids_is_not_released_but_may_be_withheld(
    session: Session, clock: Clock, ticket: Ticket
) -> None:
    text, photo = text_of(ticket, "description"), ticket.photos[0]
    text.releasable = photo.releasable = False
    session.commit()
    assert refusal_of(decide_text, session, ticket, text.id, "release", **by(clock)) == "never_public"
    assert refusal_of(decide_photo, session, ticket, photo.id, "release", **by(clock)) == "never_public"
    assert (text.released_at, photo.released_at, ticket.version) == (None, None, 1)


def test_an_internal_note_is_no_text_that_could_be_released(session: Session, clock: Clock, ticket: Ticket) -> None:
    move(session, ticket, Wish(1, note="Nur für uns"), ANNA, clock())
    session.commit()
    note = session.query(TicketText).filter_by(kind="note").one()
    assert refusal_of(decide_text, session, ticket, note.id, "release", **by(clock, 2)) == "text_unknown"


def test_texts_and_photos_of_other_tickets_are_unknown_here(session: Session, clock: Clock, ticket: Ticket) -> None:
    other = take_in(session, clock(), photos=(POTHOLE,))
    other.photos[0].state = "ready"
    session.commit()
    assert refusal_of(decide_text, session, ticket, other.texts[0].id, "release", **by(clock)) == "text_unknown"
    assert refusal_of(decide_photo, session, ticket, other.photos[0].id, "release", **by(clock)) == "photo_unknown"
    assert session.query(Photo).filter(Photo.released_at.is_not(None)).count() == 0


@pytest.mark.parametrize("decision", ["", "Release", "delete", "release\x00"])
def test_there_are_two_decisions_and_no_third(session: Session, clock: Clock, ticket: Ticket, decision: str) -> None:
    text, photo = ticket.texts[0].id, ticket.photos[0].id
    assert refusal_of(decide_text, session, ticket, text, decision, **by(clock)) == "decision_unknown"
    assert refusal_of(decide_photo, session, ticket, photo, decision, **by(clock)) == "decision_unknown"


def test_who_saw_an_older_state_decides_nothing(session: Session, clock: Clock, ticket: Ticket) -> None:
    text, photo = ticket.texts[0].id, ticket.photos[0].id
    stale = by(clock, 9)
    assert refusal_of(decide_text, session, ticket, text, "release", **stale) == "version_stale"
    assert refusal_of(decide_photo, session, ticket, photo, "release", **stale) == "version_stale"
    assert refusal_of(release_held, session, ticket, **stale) == "version_stale"


def test_a_held_ticket_goes_public_once_and_its_texts_still_wait(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), held=True)
    assert not ticket.published_at
    release_held(session, ticket, **by(clock))
    assert (ticket.published_at, ticket.held) == (clock(), False)
    assert all(text.released_at is None for text in ticket.texts)
    assert last_of(session, ticket)[0] == Event.TICKET_RELEASED
    assert refusal_of(release_held, session, ticket, **by(clock, 2)) == "not_held"


def test_spam_that_is_held_never_goes_public(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), held=True)
    move(session, ticket, Wish(1, "declined", reason="spam"), ANNA, clock())
    assert refusal_of(release_held, session, ticket, **by(clock, 2)) == "never_public"
    assert ticket.published_at is None


def test_a_ticket_that_is_not_public_by_its_category_is_not_held(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    ticket.published_at = None
    session.commit()
    assert refusal_of(release_held, session, ticket, **by(clock)) == "not_held"
