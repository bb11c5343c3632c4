"""Moving a ticket along the table of moves, with a public answer and an internal note."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.history import Event
from maengelmelder.domain.reports import is_printable
from maengelmelder.domain.tickets import Move, decide_move, decide_version, status_of
from maengelmelder.services import history
from maengelmelder.services.delivering.enqueue import tell_reporters
from maengelmelder.store.models import Department, Ticket, TicketEvent

MAX_WORDS = 4000


@dataclass(frozen=True)
class Wish:
    """What a clerk wants; `version` is the ticket's as the clerk saw it, `receiver` a department's key."""

    version: int
    status: str = ""
    answer: str = ""
    note: str = ""
    reason: str = ""
    receiver: str = ""


def move(session: Session, ticket: Ticket, wish: Wish, actor: str, now: datetime) -> TicketEvent | None:
    """Change the status, answer publicly, note internally; each is optional, none at all is refused.

    Everything is decided before anything is written.
    Raises Refusal: `version_stale`, `nothing_to_do`, one of `decide_move`, `receiver_unknown`, `text_too_long`,
    `text_not_printable`.
    """
    decide_version(wish.version, ticket.version)
    _check_words(wish)
    change = _decide(ticket, wish)
    receiver = _receiver(session, change)
    event = None
    if wish.note.strip():
        event = _note(session, ticket, wish.note, actor, now)
    if change is not None:
        event = _move(session, ticket, change, receiver, wish.answer, actor, now)
    elif wish.answer.strip():
        event = _answer(session, ticket, wish.answer, actor, now)
    if event is None:
        raise Refusal("nothing_to_do", "status")
    touch(ticket, now)
    return event


def touch(ticket: Ticket, now: datetime) -> None:
    """Let everyone who saw an older state find out."""
    ticket.version += 1
    ticket.updated_at = now


def _decide(ticket: Ticket, wish: Wish) -> Move | None:
    if not wish.status or wish.status == ticket.status:
        return None
    after = status_of(wish.status)
    return decide_move(ticket.state, after, reason=wish.reason, receiver=wish.receiver, answer=wish.answer)


def _move(
    session: Session,
    ticket: Ticket,
    change: Move,
    receiver: Department | None,
    answer: str,
    actor: str,
    now: datetime,
) -> TicketEvent:
    data = {"before": change.before, "after": change.after, "reason": change.reason, "receiver": change.receiver}
    if change.unpublishes and ticket.published_at is not None:
        data["unpublished"] = "yes"
    if change.reopens and _was_taken_down(ticket):
        ticket.held = True  # back on the map only after somebody looked again
    _apply(ticket, change, receiver, now)
    text = None
    if answer.strip():
        text = history.write_text(session, ticket, "reply", answer.strip(), now=now, released=True)
    said = {key: str(value) for key, value in data.items() if value}
    event = history.record(session, ticket, Event.MOVED, actor=actor, now=now, text=text, **said)
    tell_reporters(session, ticket, event, now)
    return event


def _apply(ticket: Ticket, change: Move, receiver: Department | None, now: datetime) -> None:
    ticket.forwarded_to = receiver
    ticket.status = change.after
    ticket.decline_reason = change.reason
    ticket.closed_at = now if change.closes else (None if change.reopens else ticket.closed_at)
    if change.unpublishes:
        ticket.published_at = None


def _was_taken_down(ticket: Ticket) -> bool:
    """Whether the move that closed it took it off the map."""
    moves = [event for event in ticket.events if event.event == Event.MOVED]
    return bool(moves) and "unpublished" in moves[-1].data


def _receiver(session: Session, change: Move | None) -> Department | None:
    if change is None or not change.receiver:
        return None
    outside = {d.key: d for d in session.scalars(select(Department).where(Department.active)) if _is_outside(d)}
    if change.receiver not in outside:
        raise Refusal("receiver_unknown", "receiver")
    return outside[change.receiver]


def _is_outside(department: Department) -> bool:
    return bool(department.definition.get("kind", "intern") != "intern")


def _note(session: Session, ticket: Ticket, words: str, actor: str, now: datetime) -> TicketEvent:
    text = history.write_text(session, ticket, "note", words.strip(), now=now, releasable=False)
    return history.record(session, ticket, Event.NOTED, actor=actor, now=now, text=text)


def _answer(session: Session, ticket: Ticket, words: str, actor: str, now: datetime) -> TicketEvent:
    text = history.write_text(session, ticket, "reply", words.strip(), now=now, released=True)
    event = history.record(session, ticket, Event.ANSWERED, actor=actor, now=now, text=text)
    tell_reporters(session, ticket, event, now)
    return event


def _check_words(wish: Wish) -> None:
    for field, words in (("answer", wish.answer), ("note", wish.note)):
        if len(words) > MAX_WORDS:
            raise Refusal("text_too_long", field, limit=MAX_WORDS, length=len(words))
        if not is_printable(words):
            raise Refusal("text_not_printable", field)
