"""How long the city usually takes, from what it really finished: only figures that enough tickets stand behind."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Literal

PERIOD = timedelta(days=365)  # older tickets tell of another city
LEAST = 10  # fewer tickets are anecdotes
MOST = 0.9


@dataclass(frozen=True)
class Finished:
    """`count` tickets of a category were resolved on their `days`-th day; the day of the report is the first."""

    category: str
    days: int
    count: int


@dataclass(frozen=True)
class UsualTime:
    """Half of the tickets were resolved within `half` days, nine of ten within `most`.

    `of` says whose tickets these were: the category's, its group's, or all of the city's.
    """

    half: int
    most: int
    of: Literal["category", "group", "city"]


def decide_usual_time(
    finished: Iterable[Finished], category: str, group_of: Mapping[str, str], least: int = LEAST
) -> UsualTime | None:
    """The figures of the category, else of its group, else of the city; None where all are fewer than `least`.

    Whole days by the nearest rank, rounded up, so that nothing is promised that half of the people did not get.
    """
    rows = list(finished)
    group = group_of.get(category)
    circles: tuple[tuple[Literal["category", "group", "city"], list[Finished]], ...] = (
        ("category", [row for row in rows if row.category == category]),
        ("group", [row for row in rows if group is not None and group_of.get(row.category) == group]),
        ("city", rows),
    )
    for of, circle in circles:
        days = _tally(circle)
        if days.total() >= least:
            return UsualTime(_within(days, 0.5), _within(days, MOST), of)
    return None


def _tally(rows: Iterable[Finished]) -> Counter[int]:
    days: Counter[int] = Counter()
    for row in rows:
        days[row.days] += row.count
    return days


def _within(days: Counter[int], share: float) -> int:
    """The number of days within which this share was done."""
    wanted, done = ceil(days.total() * share), 0
    for day in sorted(days):
        done += days[day]
        if done >= wanted:
            return day
    raise ValueError("nothing was finished")
