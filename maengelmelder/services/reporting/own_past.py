"""What one report has been through since it was sent, and what the city asked: read from the ticket's history."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from maengelmelder.domain.additions import Past
from maengelmelder.domain.history import Event
from maengelmelder.store.models import Photo, Report, Ticket, TicketEvent


def lock_ticket_of(session: Session, report: Report) -> Ticket:
    """The report's ticket, locked until the transaction ends and as it is now."""
    session.execute(select(Ticket.id).where(Ticket.id == report.ticket_id).with_for_update())
    query = select(Ticket).where(Ticket.id == report.ticket_id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def read_past(session: Session, report: Report) -> Past:
    """The report's past; what other people added to the same ticket is none of its."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == report.ticket_id)
    events = session.scalars(query.order_by(TicketEvent.position)).all()
    photos = select(func.count()).select_from(Photo).where(Photo.report_id == report.id)
    return past_of(events, report, session.scalar(photos) or 0)


def past_of(events: Sequence[TicketEvent], report: Report, photos: int) -> Past:
    """The same from events that are at hand."""
    own = [event for event in events if event.data.get("report") == report.id]
    added = [event for event in own if event.event in (Event.ADDED, Event.REPLIED)]
    return Past(
        closed_at=report.ticket.closed_at,
        photos=photos,
        additions=len(added),
        is_withdrawn=report.withdrawn_at is not None,
        is_erased=any(event.event == Event.ERASED for event in own),
        tokens=frozenset(str(event.data.get("once", "")) for event in added),
    )


def find_question(events: Sequence[TicketEvent]) -> TicketEvent | None:
    """The last thing that the city said since it began to wait for an answer, if it waits."""
    moves = [event for event in events if event.event == Event.MOVED]
    if not moves or moves[-1].data.get("after") != "waiting":
        return None
    said = [event for event in events if event.position >= moves[-1].position and event.text_id is not None]
    return next((event for event in reversed(said) if event.event in (Event.MOVED, Event.ANSWERED)), moves[-1])


def is_answered(events: Sequence[TicketEvent]) -> bool:
    """Whether somebody answered since the city asked; the status moves on only by a clerk's hand."""
    question = find_question(events)
    return question is not None and any(
        event.event == Event.REPLIED and event.position > question.position for event in events
    )
