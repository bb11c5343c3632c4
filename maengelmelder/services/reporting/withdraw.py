"""Taking a report back."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from maengelmelder.domain.history import Event
from maengelmelder.domain.tickets import MOVES, Status
from maengelmelder.services import history
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.reporting.own_past import lock_ticket_of
from maengelmelder.store.models import Photo, Report, TicketText


def may_withdraw(report: Report) -> bool:
    """Whether there is still something to take back: what is done stays done."""
    return report.withdrawn_at is None and Status.DECLINED in MOVES[report.ticket.state]


def stands_alone(session: Session, report: Report) -> bool:
    """Whether the ticket ends when this report is taken back: nobody else stands by it."""
    others = select(func.count(Report.id)).where(
        Report.ticket_id == report.ticket_id, Report.id != report.id, Report.withdrawn_at.is_(None)
    )
    return session.scalar(others) == 0


def withdraw(session: Session, report: Report, now: datetime) -> None:
    """Take the report back: its words and photos are shown no more, and the person hears no more of it.

    The ticket ends and leaves the map only if nobody else stands by it. A second time changes nothing.
    Raises Refusal `move_not_allowed` when the ticket has ended meanwhile.
    """
    ticket = lock_ticket_of(session, report)
    session.refresh(report)
    if report.withdrawn_at is not None:
        return
    if stands_alone(session, report):
        wish = Wish(ticket.version, status=Status.DECLINED, reason="withdrawn")
        move(session, ticket, wish, actor=history.REPORTER, now=now)
        ticket.held = False
    else:
        history.record(session, ticket, Event.WITHDRAWN, actor=history.REPORTER, now=now, report=report.id)
        _withhold(session, report, now)
        ticket.updated_at = now
    report.withdrawn_at = now
    session.flush()


def _withhold(session: Session, report: Report, now: datetime) -> None:
    """Whoever takes words and photos back does not want them shown; staff still see them."""
    for model in (TicketText, Photo):
        own = update(model).where(model.report_id == report.id)
        session.execute(own.values(released_at=None, withheld_at=now).execution_options(synchronize_session=False))
    session.expire_all()
