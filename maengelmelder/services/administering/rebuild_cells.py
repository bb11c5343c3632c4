"""Counting the map's cells anew from the tickets."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from maengelmelder.store.cells import keep_cells
from maengelmelder.store.models import Ticket

BATCH = 5000


def count_tickets(session: Session) -> Iterator[int]:
    """Look at every ticket once and count it where it belongs; yields how many of a batch were looked at.

    Counted right already, a ticket is passed over: so this can be called again after it was interrupted, and while the
    city goes on working. The caller commits, after each batch or at the end.
    """
    last = 0
    while numbers := session.scalars(select(Ticket.id).where(Ticket.id > last).order_by(Ticket.id).limit(BATCH)).all():
        keep_cells(session, numbers)
        last = numbers[-1]
        yield len(numbers)


def total_tickets(session: Session) -> int:
    """How many there are to look at."""
    return session.scalar(select(func.count()).select_from(Ticket)) or 0
