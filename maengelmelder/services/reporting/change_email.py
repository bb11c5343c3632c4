"""Asking for notices after sending, changing the address, and stopping them."""

from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from maengelmelder.domain.additions import find_end
from maengelmelder.services.delivering.enqueue import ask_for_confirmation
from maengelmelder.services.reporting.own_past import lock_ticket_of, read_past
from maengelmelder.store.models import Delivery, Report

PAUSE = timedelta(minutes=1)  # a double tap is one wish
STOPPING = "stop-notices"


def change_email(session: Session, report: Report, email: str, now: datetime) -> bool:
    """Send notices to this address from now on, once its owner has confirmed it; the old one is forgotten at once.

    False when nothing was to do: the address is confirmed already, or was asked a moment ago.
    Raises Refusal `report_erased`, `report_withdrawn` or `closed_long_ago`.
    """
    lock_ticket_of(session, report)
    if end := find_end(read_past(session, report), now):
        raise end
    if report.email == email and (report.email_confirmed_at or _was_asked_just_now(session, report, now)):
        return False
    stop_notices(session, report)
    report.email = email
    ask_for_confirmation(session, report, None, now)
    session.flush()
    return True


def stop_notices(session: Session, report: Report) -> None:
    """Forget the address, and send nothing that still waits for it; the report itself stays."""
    waiting = delete(Delivery).where(Delivery.report_id == report.id, Delivery.state == "due")
    session.execute(waiting.execution_options(synchronize_session=False))
    report.email, report.email_confirmed_at = "", None
    session.flush()


def stop_signer(secret_key: str) -> URLSafeSerializer:
    """Signs the link at the end of each notice; it never ends, because the wish not to be written to never does."""
    return URLSafeSerializer(secret_key, salt=STOPPING)


def stop_by_mail(session: Session, secret_key: str, token: str, *, really: bool) -> bool:
    """Whether the token is ours; `really` stops the notices, unless they go to another address by now."""
    try:
        report_id, email = stop_signer(secret_key).loads(token)
    except (BadData, TypeError, ValueError):
        return False
    report = session.get(Report, report_id) if isinstance(report_id, int) else None
    if really and report is not None and report.email == email:
        stop_notices(session, report)
    return report is not None


def _was_asked_just_now(session: Session, report: Report, now: datetime) -> bool:
    asked = select(Delivery.id).where(
        Delivery.report_id == report.id, Delivery.kind == "confirm", Delivery.created_at > now - PAUSE
    )
    return session.scalars(asked.limit(1)).first() is not None
