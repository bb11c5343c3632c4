"""The categories that the report form offers at once."""

from datetime import datetime, timedelta

from maengelmelder.database import db
from maengelmelder.domain.usual import decide_usual
from maengelmelder.house import house
from maengelmelder.store.queries.usual import count_by_category
from maengelmelder.web.page import the_catalogue

PERIOD = timedelta(days=365)
KEPT = timedelta(minutes=10)  # counting reads every ticket of a year
_counted: dict[str, tuple[datetime, dict[str, int]]] = {}


def usual_categories() -> tuple[str, ...]:
    """Keys of three categories, by what was reported in the last twelve months; counted every ten minutes."""
    return decide_usual(the_catalogue(), _counts())


def forget_counts() -> None:
    """Count anew at the next page."""
    _counted.clear()


def _counts() -> dict[str, int]:
    database, now = str(db.engine.url), house().now()
    at, counts = _counted.get(database, (None, {}))
    if at is None or not timedelta() <= now - at < KEPT:
        counts = count_by_category(db.session(), now - PERIOD)
        _counted[database] = (now, counts)
    return counts
