"""Counting how long resolved tickets took, the same on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from maengelmelder.domain.durations import PERIOD, Finished
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.models import Ticket
from maengelmelder.store.queries.durations import find_finished
from tests.conftest import Clock
from tests.reports import take_in


def resolve(session: Session, clock: Clock, **after: float) -> Ticket:
    ticket = take_in(session, clock())
    move(session, ticket, Wish(ticket.version, "resolved"), "user:1", clock() + timedelta(**after))
    session.commit()
    return ticket


@pytest.mark.parametrize(
    ("after", "day"),
    [
        ({"seconds": 0}, 1),
        ({"hours": 23, "minutes": 59, "seconds": 59}, 1),
        ({"days": 1}, 2),
        ({"days": 5, "microseconds": 1}, 6),
        ({"days": 30, "hours": 12}, 31),
    ],
)
def test_the_day_of_the_report_is_the_first(session: Session, clock: Clock, after: dict[str, float], day: int) -> None:
    resolve(session, clock, **after)
    assert find_finished(session, clock() - PERIOD) == [Finished("laterne", day, 1)]


def test_only_what_was_really_resolved_lately_counts(session: Session, clock: Clock) -> None:
    old = resolve(session, clock, days=1)
    clock.pass_(days=400)
    twice = resolve(session, clock, days=3)
    resolve(session, clock, days=3)
    twice.merged_into_id = old.id
    open_one, declined = take_in(session, clock()), take_in(session, clock())
    move(session, declined, Wish(declined.version, "declined", reason="withdrawn"), "reporter", clock())
    move(session, open_one, Wish(open_one.version, "accepted"), "user:1", clock())
    session.commit()
    assert find_finished(session, clock() - PERIOD) == [Finished("laterne", 4, 1)]


def test_a_ticket_with_impossible_times_tells_nothing(session: Session, clock: Clock) -> None:
    resolve(session, clock, days=-2)
    assert find_finished(session, clock() - PERIOD) == []


def test_one_query_is_enough_however_many_categories_there_are(session: Session, clock: Clock) -> None:
    resolve(session, clock, days=2)
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert find_finished(session, clock() - PERIOD)
    assert len([query for query in asked if query.startswith("SELECT")]) == 1
