"""Double opt-in: mails go to an address only after its owner said that it is theirs."""

from datetime import datetime

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from maengelmelder.store.models import Report

PURPOSE = "confirm-address"
VALID_SECONDS = 7 * 24 * 3600


def address_signer(secret_key: str) -> URLSafeTimedSerializer:
    """Signs for one purpose only, so that a token for something else is worth nothing here."""
    return URLSafeTimedSerializer(secret_key, salt=PURPOSE)


def find_report_by_token(session: Session, secret_key: str, token: str) -> Report | None:
    """The report whose address the token confirms; None if it is forged, too old, or the address has changed."""
    try:
        report_id, email = address_signer(secret_key).loads(token, max_age=VALID_SECONDS)
    except (BadData, TypeError, ValueError):
        return None
    report = session.get(Report, report_id) if isinstance(report_id, int) else None
    return report if report is not None and report.email and report.email == email else None


def confirm_address(report: Report, now: datetime) -> None:
    """From now on notices go to this address; a second time changes nothing."""
    if report.email_confirmed_at is None:
        report.email_confirmed_at = now
