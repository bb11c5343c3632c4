"""Taking a report back."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from maengelmelder.domain.history import Event
from maengelmelder.domain.tickets import MOVES, Status
from maengelmelder.services import history
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.models import Report, Ticket


def may_withdraw(report: Report) -> bool:
    """Whether there is still something to take back: what is done stays done."""
    return Status.DECLINED in MOVES[report.ticket.state]


def withdraw(session: Session, report: Report, now: datetime) -> None:
    """End the ticket and take it off the map; where others reported it too, it only notes that this person is out.

    Raises Refusal `move_not_allowed` when the ticket has ended meanwhile.
    """
    query = select(Ticket).where(Ticket.id == report.ticket_id).with_for_update(of=Ticket)
    ticket = session.scalars(query.execution_options(populate_existing=True)).one()
    count = session.scalar(select(func.count()).select_from(Report).where(Report.ticket_id == ticket.id)) or 0
    if count > 1:
        history.record(session, ticket, Event.WITHDRAWN, actor=history.REPORTER, now=now, report=report.id)
        return
    move(
        session,
        ticket,
        Wish(ticket.version, status=Status.DECLINED, reason="withdrawn"),
        actor=history.REPORTER,
        now=now,
    )
    ticket.held = False
