"""Writing the outbox, in the same transaction as what has to be told."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.store.models import Delivery, Department, Report, Ticket, TicketEvent


def tell_department(session: Session, event: TicketEvent, department: Department, now: datetime) -> None:
    """Tell the responsible department; one without an address is told by other means."""
    _tell(session, "department", event, [department], now)


def tell_copies(session: Session, event: TicketEvent, departments: Iterable[Department], now: datetime) -> None:
    """Tell the departments that may read along."""
    _tell(session, "copy", event, departments, now)


def tell_of_addition(session: Session, event: TicketEvent, department: Department, now: datetime) -> None:
    """Tell the responsible department what the reporter added or answered."""
    _tell(session, "addition", event, [department], now)


def tell_of_erasure(session: Session, event: TicketEvent, departments: Iterable[Department], now: datetime) -> None:
    """Ask those who got words or photos by mail to erase them too (DSGVO Art. 19)."""
    _tell(session, "erasure", event, departments, now)


def _tell(session: Session, kind: str, event: TicketEvent, departments: Iterable[Department], now: datetime) -> None:
    for department in departments:
        if department.email:
            session.add(
                Delivery(
                    kind=kind,
                    ticket_id=event.ticket_id,
                    event_id=event.id,
                    department_id=department.id,
                    created_at=now,
                    due_at=now,
                )
            )


def ask_for_confirmation(session: Session, report: Report, event: TicketEvent | None, now: datetime) -> None:
    """Ask whether the address is the reporter's own (double opt-in); notices go to confirmed addresses only."""
    if report.email:
        session.add(_to_reporter("confirm", report, event, now))


def tell_reporters(session: Session, ticket: Ticket, event: TicketEvent, now: datetime) -> None:
    """Tell everyone who reported this, still stands by it, asked for notices, and has confirmed the address."""
    session.flush()
    standing = select(Report).where(Report.ticket_id == ticket.id, Report.withdrawn_at.is_(None))
    confirmed = standing.where(Report.email != "", Report.email_confirmed_at.is_not(None))
    for report in session.scalars(confirmed):
        session.add(_to_reporter("notice", report, event, now))


def _to_reporter(kind: str, report: Report, event: TicketEvent | None, now: datetime) -> Delivery:
    return Delivery(
        kind=kind,
        ticket_id=report.ticket_id,
        event_id=event.id if event else None,
        report_id=report.id,
        created_at=now,
        due_at=now,
    )
