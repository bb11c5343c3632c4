"""Writing a ticket's history: one sealed entry for everything that happens."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.history import START, Entry, Event, hash_words, seal
from maengelmelder.store.models import Ticket, TicketEvent, TicketText

SYSTEM = "system"
REPORTER = "reporter"


def staff(user_id: int) -> str:
    """The actor code of a person of the staff; the name stands in the users' table only."""
    return f"user:{user_id}"


def record(
    session: Session,
    ticket: Ticket,
    event: Event,
    *,
    actor: str,
    now: datetime,
    text: TicketText | None = None,
    **data: Any,
) -> TicketEvent:
    """Append one entry. `data` holds codes and ids only; words go into `text`, which can be erased later.

    The ticket's row must be locked by the caller (`store.queries.tickets.get_for_change`), or be new.
    """
    session.flush()
    last = session.execute(
        select(TicketEvent.position, TicketEvent.seal)
        .where(TicketEvent.ticket_id == ticket.id)
        .order_by(TicketEvent.position.desc())
        .limit(1)
    ).first()
    position, previous = (last.position + 1, last.seal) if last else (1, START)
    words = hash_words(text.body, text.salt) if text is not None else ""
    entry = Entry(ticket.id, position, now, event, actor, data, words)
    row = TicketEvent(
        ticket_id=ticket.id,
        position=position,
        at=now,
        event=event,
        actor=actor,
        data=data,
        text_id=None if text is None else text.id,
        words=words,
        seal=seal(entry, previous),
    )
    session.add(row)
    session.flush()
    return row


def write_text(
    session: Session,
    ticket: Ticket,
    kind: str,
    body: str,
    *,
    now: datetime,
    report_id: int | None = None,
    key: str = "",
    releasable: bool = True,
    released: bool = False,
) -> TicketText:
    """Keep words about a ticket in an erasable row of their own."""
    text = TicketText(
        ticket_id=ticket.id,
        report_id=report_id,
        kind=kind,
        key=key,
        body=body,
        salt=secrets.token_bytes(16),
        created_at=now,
        releasable=releasable,
        released_at=now if released and releasable else None,
    )
    session.add(text)
    session.flush()
    return text
