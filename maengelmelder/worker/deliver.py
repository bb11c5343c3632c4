"""Sending what the outbox holds: at least once, with a stable Message-ID."""

from email.message import EmailMessage

import structlog
from sqlalchemy.exc import DBAPIError

from maengelmelder.database import db
from maengelmelder.house import house
from maengelmelder.ports import MailRefused, MailUnavailable
from maengelmelder.services.delivering.claim import claim_deliveries, mark_failed, mark_sent
from maengelmelder.store.engine import reading
from maengelmelder.store.models import Delivery
from maengelmelder.worker.compose import Unaddressed, compose

log = structlog.get_logger()


def deliver_due(limit: int = 10) -> int:
    """Send what is due; how many deliveries were tried."""
    ids = claim_deliveries(db.session(), house().now(), limit)
    db.session.commit()
    for number in ids:
        _deliver(number)
    return len(ids)


def _deliver(number: int) -> None:
    """Compose one mail, let go of the database, hand it over, note how it went."""
    attempt = _find_attempt(number)
    if attempt is None:
        return
    error, final = _send(number)
    delivery = db.session.get_one(Delivery, number, with_for_update=True)
    if delivery.state != "due" or delivery.attempts != attempt:
        db.session.rollback()  # the lease ended meanwhile, and another worker took over: it has the last word
        return
    if error:
        log.warning("delivery_failed", delivery=number, error=error, final=final)
        mark_failed(db.session(), delivery, error, house().now(), final=final)
    else:
        mark_sent(db.session(), delivery, house().now())
    db.session.commit()


def _find_attempt(number: int) -> int | None:
    """Which attempt this is; None when the lease ended while others of the same claim kept a slow server busy."""
    with reading():
        delivery = db.session.get_one(Delivery, number)
        is_ours = delivery.state == "due" and delivery.lease_until and delivery.lease_until > house().now()
        attempt = delivery.attempts if is_ours else None
        db.session.rollback()
    return attempt


def _send(number: int) -> tuple[str, bool]:
    """What went wrong, if anything, and whether for good. One bad mail must never hold up those that wait behind it."""
    try:
        house().mailer.send(_composed(number))
    except DBAPIError:
        raise
    except MailUnavailable as failure:
        return str(failure), False
    except (MailRefused, Unaddressed) as failure:
        return str(failure), True
    except Exception as failure:
        return type(failure).__name__, False  # the name only: messages may quote an address
    return "", False


def _composed(number: int) -> EmailMessage:
    """The mail; no transaction stays open for a slow mail server, and none that could block a report."""
    with reading():
        try:
            return compose(db.session.get_one(Delivery, number))
        finally:
            db.session.rollback()
