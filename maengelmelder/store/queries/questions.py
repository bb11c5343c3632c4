"""Which tickets wait for a clerk because somebody answered the city's question."""

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.orm import aliased

from maengelmelder.domain.history import Event
from maengelmelder.domain.tickets import Status
from maengelmelder.store.models import Ticket, TicketEvent

ASKING = (Event.MOVED, Event.ANSWERED)  # after either of them an earlier answer no longer waits


def has_answer() -> ColumnElement[bool]:
    """The ticket still waits, and an answer came after the last thing that the city said.

    Derived, not kept: the status moves on by a clerk's hand only, and then nothing waits any more.
    """
    reply, later = aliased(TicketEvent), aliased(TicketEvent)
    asked_again = exists().where(
        later.ticket_id == reply.ticket_id, later.position > reply.position, later.event.in_(ASKING)
    )
    replied = exists().where(reply.ticket_id == Ticket.id, reply.event == Event.REPLIED, ~asked_again)
    return and_(Ticket.status == Status.WAITING, replied)
