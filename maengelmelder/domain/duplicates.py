"""Which public tickets may be the very matter that somebody is about to report.

A score from 0 to 2 multiplies the answers to four questions: is it the same kind of thing (`kinship`), is it here
(`closeness`), is it still there (`presence`)? Each of these alone can rule a ticket out. And where words are known, are
they alike (`likeness`)? That only ever adds. Of what reaches `LEAST_SCORE` the two best are shown: more would have to
be read in the rain. How well the numbers do on real reports: scripts/measure_duplicates.py.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from maengelmelder.domain.catalogue import Catalogue, Category
from maengelmelder.domain.places import Place
from maengelmelder.domain.tickets import Status
from maengelmelder.domain.word_stems import Stem, stems_in

MOST_HINTS = 2
REACH_M = 250.0  # beyond it nothing is a duplicate; FixMyStreet asks as far for the same category
STRONG_M = 50.0  # here closeness has fallen to a half: what GPS in a street and a moved cross-hair are off together
MOST_BLUR_M = 100.0  # a worse position says too little to look further for it
LEAST_SCORE = 0.15  # the same kind, fresh: to 119 m, with the same words to 176 m; a related one: to 50 m

SAME, RELATED = 1.0, 0.3
STILL_FRESH, LEAST_OPEN = 1.0, 0.5  # an open ticket never falls below a half: nobody has mended it
RESOLVED_FOR = timedelta(days=14)  # so long people may report what has just been mended, or was not mended well
LEAST_HALF_LIFE = timedelta(days=14)
TARGETS_TO_HALF = 3  # after three times the city's own target half of such matters are gone, or nobody looks any more


@dataclass(frozen=True)
class Sighting:
    """What somebody is about to report. accuracy_m: radius of the phone's 95 % circle (W3C Geolocation), if known."""

    category: Category
    place: Place
    accuracy_m: float | None = None
    text: str = ""


@dataclass(frozen=True)
class Candidate:
    """A ticket nearby, as far as everybody may know it: `text` is a released one. closed_at: None while it is open."""

    number: int
    category: str
    place: Place
    status: Status
    reported_at: datetime
    closed_at: datetime | None = None
    accuracy_m: float | None = None
    text: str = ""
    is_public: bool = True


@dataclass(frozen=True)
class Duplicate:
    """A ticket that may be the same matter: how far away, and how sure from 0 to 2."""

    candidate: Candidate
    metres: float
    score: float


def rank_duplicates(
    catalogue: Catalogue, sighting: Sighting, candidates: Iterable[Candidate], now: datetime, stem: Stem
) -> tuple[Duplicate, ...]:
    """At most two, the likeliest first; of equal ones the nearer, then the older."""
    if must_stop(sighting.category):
        return ()
    rated = [_rate(catalogue, sighting, candidate, now, stem) for candidate in candidates]
    found = [duplicate for duplicate in rated if duplicate.score >= LEAST_SCORE]
    return tuple(sorted(found, key=lambda one: (-one.score, one.metres, one.candidate.number))[:MOST_HINTS])


def must_stop(category: Category) -> bool:
    """Whether everyone who reports this is first told whom to ring: then no shorter way may lead past that."""
    return category.emergency.level == "stop" and not category.emergency.only_if


def related_categories(catalogue: Catalogue, category: Category) -> list[str]:
    """Keys of all categories in which the same matter may stand."""
    return [other.key for other in catalogue.categories.values() if kinship(catalogue, category, other) > 0]


def kinship(catalogue: Catalogue, one: Category, other: Category) -> float:
    """How likely two people who see the same thing choose these two categories.

    The same one is certain. A neighbour in the same group is a matter of taste (rubbish, dirty street, full bin), and
    who finds nothing that fits takes what the city's desk looks after; either way needs more evidence of other kinds.
    What nobody may see has no kin.
    """
    if not (one.public and other.public):
        return 0.0
    if one.key == other.key:
        return SAME
    desk = catalogue.city.desk
    return RELATED if one.group == other.group or desk in (one.department, other.department) else 0.0


def closeness(metres: float, blur_m: float = 0.0) -> float:
    """1 at the same spot, a half at `STRONG_M`, 0 from `REACH_M` on; a blurred position lets it fall more slowly.

    blur_m: how far off the two positions may be together, in metres.
    """
    if metres >= REACH_M:
        return 0.0
    return 1 / (1 + (metres / math.hypot(STRONG_M, min(blur_m, MOST_BLUR_M))) ** 2)


def presence(category: Category, candidate: Candidate, now: datetime) -> float:
    """How likely the matter is still there to be seen, from 0 to 1."""
    if not candidate.is_public or not may_be_joined(candidate.status, candidate.closed_at, now):
        return 0.0
    if candidate.status is Status.RESOLVED:
        return LEAST_OPEN
    age = now - (candidate.closed_at or candidate.reported_at)
    fading = STILL_FRESH * math.pow(0.5, max(age, timedelta(0)) / half_life(category))
    return fading if candidate.status is Status.FORWARDED else max(LEAST_OPEN, fading)


def half_life(category: Category) -> timedelta:
    """After which time half of such matters are no longer worth asking about, from the city's own target."""
    working_days = category.deadlines.target_wd or 0
    return max(LEAST_HALF_LIFE, TARGETS_TO_HALF * timedelta(days=working_days * 7 / 5))


def may_be_joined(status: Status, closed_at: datetime | None, now: datetime) -> bool:
    """Whether a further person may join: while it is open or with somebody else, and shortly after it was mended."""
    if status is Status.RESOLVED:
        return closed_at is not None and now - closed_at <= RESOLVED_FOR
    return status is not Status.DECLINED


def likeness(one: str, other: str, stem: Stem) -> float:
    """How many of their words two texts share, from 0 to 1 (Dice); 0 where one of them has none."""
    mine, theirs = frozenset(stems_in(one, stem)), frozenset(stems_in(other, stem))
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


def _rate(catalogue: Catalogue, sighting: Sighting, candidate: Candidate, now: datetime, stem: Stem) -> Duplicate:
    metres = sighting.place.metres_to(candidate.place)
    other = catalogue.categories.get(candidate.category)
    if other is None:
        return Duplicate(candidate, metres, 0.0)
    blur = math.hypot(sighting.accuracy_m or 0.0, candidate.accuracy_m or 0.0)
    score = (
        kinship(catalogue, sighting.category, other)
        * closeness(metres, blur)
        * presence(other, candidate, now)
        * (1 + likeness(sighting.text, candidate.text, stem))
    )
    return Duplicate(candidate, metres, score)
