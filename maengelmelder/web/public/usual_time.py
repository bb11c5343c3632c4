"""How long something like this usually takes, from the city's real figures; read once an hour."""

from datetime import datetime, timedelta

from maengelmelder.database import db
from maengelmelder.domain.durations import PERIOD, Finished, UsualTime, decide_usual_time
from maengelmelder.house import house
from maengelmelder.store.models import Ticket
from maengelmelder.store.queries.durations import find_finished
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.own_door import blueprint

FRESH_FOR = timedelta(hours=1)  # reading 200,000 tickets takes up to 0.2 s
_read: dict[str, tuple[datetime, list[Finished]]] = {}


@blueprint.app_template_global()
def usual_time(ticket: Ticket) -> UsualTime | None:
    """The figures for a ticket that is not closed yet; None where too little was finished to say anything."""
    if ticket.is_closed:
        return None
    group_of = {category.key: category.group for category in the_catalogue().categories.values()}
    return decide_usual_time(_finished(house().now()), ticket.category.key, group_of)


@blueprint.app_template_global()
def days_open(ticket: Ticket) -> int:
    """Which day it is since the report, the day of the report being the first; closed tickets stand still."""
    return ((ticket.closed_at or house().now()) - ticket.reported_at).days + 1


def _finished(now: datetime) -> list[Finished]:
    database = str(db.engine.url)
    read_at, finished = _read.get(database, (None, []))
    if read_at is None or not timedelta(0) <= now - read_at < FRESH_FOR:
        finished = find_finished(db.session(), now - PERIOD)
        _read[database] = (now, finished)
    return finished


def forget_read() -> None:
    """Read anew at the next question, between tests."""
    _read.clear()
