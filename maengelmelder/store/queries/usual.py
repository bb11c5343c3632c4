"""How often each category was reported."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from maengelmelder.store.models import Category, Ticket


def count_by_category(session: Session, since: datetime) -> dict[str, int]:
    """Tickets reported since then by category key, in one query; merged ones count, for they were reported too."""
    query = (
        select(Category.key, func.count())
        .select_from(Ticket)
        .join(Category, Ticket.category_id == Category.id)
        .where(Ticket.reported_at >= since)
        .group_by(Category.key)
    )
    return {row[0]: row[1] for row in session.execute(query)}
