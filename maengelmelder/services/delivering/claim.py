"""Taking rows of the outbox with a lease, and noting how it went."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from maengelmelder.domain.delivering import LEASE, PHOTO_PATIENCE, decide_retry
from maengelmelder.domain.history import Event
from maengelmelder.services import history
from maengelmelder.store.models import Delivery, Photo, Ticket

ERROR_LENGTH = 300


def claim_deliveries(session: Session, now: datetime, limit: int = 10) -> list[int]:
    """Ids of deliveries that are ours until the lease ends; the caller commits before it talks to the network."""
    ready = or_(~_waits_for_photos(), Delivery.created_at <= now - PHOTO_PATIENCE)
    return claim(session, Delivery, now, LEASE, limit, Delivery.state == "due", ready)


def _waits_for_photos() -> ColumnElement[bool]:
    return exists().where(Photo.ticket_id == Delivery.ticket_id, Photo.state == "waiting")


def claim(
    session: Session, model: Any, now: datetime, lease: timedelta, limit: int, *conditions: ColumnElement[bool]
) -> list[int]:
    """Lease due rows of a table that has due_at, lease_until and attempts; the same statement on both databases."""
    free = or_(model.lease_until.is_(None), model.lease_until < now)
    due = select(model.id).where(model.due_at <= now, free, *conditions).order_by(model.due_at, model.id).limit(limit)
    taken = (
        update(model)
        .where(model.id.in_(due.with_for_update(skip_locked=True)))
        .values(lease_until=now + lease, attempts=model.attempts + 1)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(taken))


def mark_sent(session: Session, delivery: Delivery, now: datetime) -> None:
    """It went out; the ticket's history says so, without the address."""
    delivery.state, delivery.sent_at, delivery.lease_until, delivery.error = "sent", now, None, ""
    _tell(session, delivery, Event.DELIVERED, now)


def mark_failed(session: Session, delivery: Delivery, error: str, now: datetime, *, final: bool) -> None:
    """It did not go out: due again later, or dead, which the desk sees."""
    again = None if final else decide_retry(delivery.attempts, delivery.created_at, now)
    delivery.error, delivery.lease_until = error[:ERROR_LENGTH], None
    if again is not None:
        delivery.due_at = again
        return
    delivery.state = "dead"
    _tell(session, delivery, Event.UNDELIVERED, now)


def _tell(session: Session, delivery: Delivery, event: Event, now: datetime) -> None:
    ticket = session.get_one(Ticket, delivery.ticket_id, with_for_update={"of": Ticket})
    to = delivery.department.key if delivery.department else "reporter"
    history.record(
        session, ticket, event, actor=history.SYSTEM, now=now, delivery=delivery.id, kind=delivery.kind, to=to
    )
