"""Erasing names and e-mail addresses whose time is over; reports, tickets and history stay."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from maengelmelder.domain.retention import AFTER_CLOSING, UNCONFIRMED
from maengelmelder.store.models import Delivery, Report, Ticket


@dataclass(frozen=True)
class Erased:
    """How many reports lost an unconfirmed address, and how many their contact data after closing."""

    unconfirmed: int
    closed: int


def erase_contacts(session: Session, now: datetime, *, dry_run: bool = False) -> Erased:
    """Erase what is over, or with `dry_run` only count it."""
    unconfirmed = _forget(session, _unconfirmed(now), {"email": ""}, dry_run)
    closed = _forget(session, _long_closed(now), {"email": "", "name": ""}, dry_run)
    return Erased(unconfirmed, closed)


def _unconfirmed(now: datetime) -> ColumnElement[bool]:
    """An address may be given or changed long after the report: the week runs from the last time that we asked."""
    asked_lately = exists().where(
        Delivery.report_id == Report.id, Delivery.kind == "confirm", Delivery.created_at >= now - UNCONFIRMED
    )
    is_old = (Report.created_at < now - UNCONFIRMED) & ~asked_lately
    return (Report.email != "") & Report.email_confirmed_at.is_(None) & is_old


def _long_closed(now: datetime) -> ColumnElement[bool]:
    long_closed = select(Ticket.id).where(Ticket.closed_at < now - AFTER_CLOSING)
    return ((Report.email != "") | (Report.name != "")) & Report.ticket_id.in_(long_closed)


def _forget(session: Session, which: ColumnElement[bool], values: dict[str, str], dry_run: bool) -> int:
    count = session.scalar(select(func.count()).select_from(Report).where(which)) or 0
    if count and not dry_run:
        session.execute(update(Report).where(which).values(**values).execution_options(synchronize_session=False))
    return count
