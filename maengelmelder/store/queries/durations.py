"""How long resolved tickets took, counted by category and day."""

from datetime import datetime

from sqlalchemy import ColumnElement, Integer, cast, extract, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from maengelmelder.domain.durations import Finished
from maengelmelder.domain.tickets import Status
from maengelmelder.store.models import Category, Ticket

DAY_SECONDS = literal_column("86400", Integer)  # as a parameter PostgreSQL would not group by it


def find_finished(session: Session, since: datetime) -> list[Finished]:
    """What was resolved since then, in one query whose answer does not grow with the number of tickets.

    Merged tickets would count the same hole twice; what was withdrawn or declined was not resolved.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    days = _days_of_sqlite() if is_sqlite else _days_of_postgresql()
    query = (
        select(Category.key, days, func.count())
        .join(Category, Ticket.category_id == Category.id)
        .where(
            Ticket.status == Status.RESOLVED,
            Ticket.closed_at >= since,
            Ticket.closed_at >= Ticket.reported_at,
            Ticket.merged_into_id.is_(None),
        )
        .group_by(Category.key, days)
    )
    return [Finished(category, int(day) + 1, count) for category, day, count in session.execute(query)]


def _days_of_sqlite() -> ColumnElement[int]:
    return (_unix_time(Ticket.closed_at) - _unix_time(Ticket.reported_at)) // DAY_SECONDS


def _unix_time(at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]) -> ColumnElement[int]:
    return cast(func.strftime("%s", at), Integer)


def _days_of_postgresql() -> ColumnElement[int]:
    closed, reported = (func.floor(extract("epoch", at)) for at in (Ticket.closed_at, Ticket.reported_at))
    return func.floor((closed - reported) / DAY_SECONDS)
