"""Sending what the outbox holds: at least once, with a stable Message-ID."""

import structlog

from maengelmelder.database import db
from maengelmelder.house import house
from maengelmelder.ports import MailRefused, MailUnavailable
from maengelmelder.services.delivering.claim import claim_deliveries, mark_failed, mark_sent
from maengelmelder.store.models import Delivery
from maengelmelder.worker.compose import Unaddressed, compose

log = structlog.get_logger()


def deliver_due(limit: int = 10) -> int:
    """Send what is due; how many deliveries were tried."""
    ids = claim_deliveries(db.session(), house().now(), limit)
    db.session.commit()
    for delivery_id in ids:
        deliver(db.session.get_one(Delivery, delivery_id))
    return len(ids)


def deliver(delivery: Delivery) -> None:
    """Compose one mail, let go of the database, hand it over, note how it went."""
    here, mark = house(), delivery.id
    error, final = "", False
    try:
        message = compose(delivery)
        db.session.rollback()  # a slow mail server must not hold a transaction open
        here.mailer.send(message)
    except MailUnavailable as failure:
        error = str(failure)
    except (MailRefused, Unaddressed) as failure:
        error, final = str(failure), True
    if error:
        log.warning("delivery_failed", delivery=mark, error=error, final=final)
        mark_failed(db.session(), delivery, error, here.now(), final=final)
    else:
        mark_sent(db.session(), delivery, here.now())
    db.session.commit()
