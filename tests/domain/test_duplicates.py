"""What may be the same matter: the same thing, here, still there; never what not everybody may see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.adapters.suggesting.german import stem
from maengelmelder.domain.catalogue import Emergency
from maengelmelder.domain.duplicates import (
    LEAST_SCORE,
    MOST_HINTS,
    REACH_M,
    STRONG_M,
    Candidate,
    Duplicate,
    Sighting,
    closeness,
    kinship,
    likeness,
    may_be_joined,
    presence,
    rank_duplicates,
    related_categories,
)
from maengelmelder.domain.places import METRES_PER_DEGREE, Place
from maengelmelder.domain.tickets import Status
from maengelmelder.settings import ROOT

LANDSHUT = read_city(ROOT / "cities" / "landshut")
NOW = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
HERE = Place(12.1522, 48.5369)
LAMP = Sighting(LANDSHUT.categories["laterne"], HERE)
OTHER_LAMP = Candidate(7, "laterne", HERE, Status.RECEIVED, NOW - timedelta(days=1))

metres = st.floats(0, 400)
days = st.floats(0, 2000)
keys = st.sampled_from(sorted(LANDSHUT.categories))
statuses = st.sampled_from(Status)


def north(distance_m: float) -> Place:
    return Place(HERE.lon, HERE.lat + distance_m / METRES_PER_DEGREE)


def rank(sighting: Sighting, candidates: Sequence[Candidate]) -> tuple[Duplicate, ...]:
    return rank_duplicates(LANDSHUT, sighting, candidates, NOW, stem)


def is_hinted(sighting: Sighting = LAMP, **changes: object) -> bool:
    return bool(rank(sighting, [replace(OTHER_LAMP, **changes)]))  # type: ignore[arg-type]


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    reported_at = NOW - timedelta(days=draw(days))
    status = draw(statuses)
    return Candidate(
        draw(st.integers(1, 999)),
        draw(keys),
        north(draw(metres)),
        status,
        reported_at,
        None if draw(st.booleans()) else NOW - timedelta(days=draw(days)),
        draw(st.none() | st.floats(0, 5000)),
        draw(st.sampled_from(["", "Die Laterne ist aus", "Müll"])),
        draw(st.booleans()),
    )


@pytest.mark.parametrize("distance_m", [0, 10, 30, 50, 100])
def test_the_same_lamp_is_hinted_at_as_far_as_a_phone_errs(distance_m: float) -> None:
    assert is_hinted(place=north(distance_m))


def test_the_next_street_is_another_matter() -> None:
    assert not is_hinted(place=north(130))
    assert not is_hinted(replace(LAMP, text="Laterne aus"), place=north(260), text="Laterne aus")


def test_the_same_words_let_us_look_further() -> None:
    words = "Alle Laternen im Grätzberg sind aus"
    assert not is_hinted(place=north(160))
    assert is_hinted(replace(LAMP, text=words), place=north(160), text=words)


def test_a_blurred_position_lets_us_look_further() -> None:
    assert is_hinted(replace(LAMP, accuracy_m=90), place=north(200))
    assert is_hinted(place=north(200), accuracy_m=90)


def test_a_related_category_counts_within_fifty_metres() -> None:
    rubbish = Sighting(LANDSHUT.categories["muell_wild"], HERE)
    assert is_hinted(rubbish, category="papierkorb", place=north(STRONG_M - 1), reported_at=NOW)
    assert not is_hinted(rubbish, category="papierkorb", place=north(STRONG_M + 1), reported_at=NOW)
    assert is_hinted(rubbish, category="sonstiges", place=north(10))
    assert not is_hinted(rubbish, category="laterne", place=HERE)


def test_the_same_kind_comes_before_a_nearer_related_one() -> None:
    bin_here = replace(OTHER_LAMP, number=1, category="papierkorb")
    rubbish_there = replace(OTHER_LAMP, number=2, category="muell_wild", place=north(30))
    found = rank(Sighting(LANDSHUT.categories["muell_wild"], HERE), [bin_here, rubbish_there])
    assert [one.candidate.number for one in found] == [2, 1]


def test_what_is_open_for_years_still_counts() -> None:
    assert is_hinted(reported_at=NOW - timedelta(days=1500))


@pytest.mark.parametrize(
    ("status", "closed_days", "expected"),
    [
        (Status.RECEIVED, None, True),
        (Status.ACCEPTED, None, True),
        (Status.IN_PROGRESS, None, True),
        (Status.SCHEDULED, None, True),
        (Status.WAITING, None, True),
        (Status.FORWARDED, 3, True),
        (Status.FORWARDED, 400, False),
        (Status.RESOLVED, 13.9, True),
        (Status.RESOLVED, 14.1, False),
        (Status.DECLINED, 1, False),
    ],
)
def test_what_has_ended_is_hinted_at_for_a_while_at_most(
    status: Status, closed_days: float | None, expected: bool
) -> None:
    closed_at = None if closed_days is None else NOW - timedelta(days=closed_days)
    assert is_hinted(status=status, closed_at=closed_at, reported_at=NOW - timedelta(days=500)) is expected


def test_whoever_is_first_told_to_ring_is_never_led_past_that() -> None:
    lamp, stop = LANDSHUT.categories["laterne"], Emergency("stop")
    for emergency, expected in ((stop, False), (replace(stop, only_if={"art": ("aus",)}), True)):
        catalogue = replace(LANDSHUT, categories={"laterne": replace(lamp, emergency=emergency)})
        sighting = Sighting(catalogue.categories["laterne"], HERE)
        assert bool(rank_duplicates(catalogue, sighting, [OTHER_LAMP], NOW, stem)) is expected


def test_a_category_that_is_gone_or_that_nobody_may_see_is_never_hinted_at() -> None:
    assert not is_hinted(category="gibt-es-nicht")
    for category in LANDSHUT.categories.values():
        if not category.public:
            assert not is_hinted(Sighting(category, HERE), category=category.key)
            assert category.key not in related_categories(LANDSHUT, LAMP.category)


@given(keys, st.lists(candidates(), max_size=8), st.none() | st.floats(0, 5000))
def test_at_most_two_public_ones_that_may_be_joined(key: str, crowd: list[Candidate], accuracy_m: float | None) -> None:
    found = rank(Sighting(LANDSHUT.categories[key], HERE, accuracy_m), crowd)
    assert len(found) <= MOST_HINTS
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert one.candidate.is_public
        assert LANDSHUT.categories[one.candidate.category].public
        assert may_be_joined(one.candidate.status, one.candidate.closed_at, NOW)
        assert one.metres < REACH_M
        assert LEAST_SCORE <= one.score <= 2


@given(keys, st.lists(candidates(), max_size=6, unique_by=lambda one: one.number), st.randoms())
def test_the_order_in_which_they_come_decides_nothing(key: str, crowd: list[Candidate], shuffle: object) -> None:
    sighting = Sighting(LANDSHUT.categories[key], HERE)
    mixed = list(crowd)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert rank(sighting, crowd) == rank(sighting, mixed)


@given(keys, metres, metres)
def test_further_away_is_never_likelier(key: str, one_m: float, other_m: float) -> None:
    near_m, far_m = sorted((one_m, other_m))
    sighting = Sighting(LANDSHUT.categories[key], HERE)
    far = rank(sighting, [replace(OTHER_LAMP, place=north(far_m))])
    near = rank(sighting, [replace(OTHER_LAMP, place=north(near_m))])
    assert len(near) >= len(far)
    assert all(one.score >= other.score for one, other in zip(near, far, strict=False))


@given(metres, metres, st.floats(0, 1000), st.floats(0, 1000))
def test_closeness_falls_with_distance_and_rises_with_blur(near: float, far: float, sharp: float, blur: float) -> None:
    near, far = sorted((near, far))
    sharp, blur = sorted((sharp, blur))
    assert 0 <= closeness(far, sharp) <= closeness(near, sharp) <= 1
    assert closeness(near, sharp) <= closeness(near, blur)


@given(keys, keys)
def test_kinship_goes_both_ways(one: str, other: str) -> None:
    mine, theirs = LANDSHUT.categories[one], LANDSHUT.categories[other]
    assert kinship(LANDSHUT, mine, theirs) == kinship(LANDSHUT, theirs, mine)
    assert (theirs.key in related_categories(LANDSHUT, mine)) == (mine.key in related_categories(LANDSHUT, theirs))


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert likeness(one, other, stem) == likeness(other, one, stem)
    assert 0 <= likeness(one, other, stem) <= 1


@given(keys, metres, st.none() | st.floats(0, 500), st.none() | st.floats(0, 500))
def test_two_reports_that_change_places_are_as_alike(
    key: str, distance_m: float, mine: float | None, theirs: float | None
) -> None:
    category = LANDSHUT.categories[key]
    there = north(distance_m)
    first = replace(OTHER_LAMP, category=key, reported_at=NOW)
    found = rank(Sighting(category, HERE, mine), [replace(first, place=there, accuracy_m=theirs)])
    turned = rank(Sighting(category, there, theirs), [replace(first, place=HERE, accuracy_m=mine)])
    scores = [one.score for one in (*found, *turned)]
    assume(not scores or min(scores) > LEAST_SCORE + 1e-6)  # at the brink rounding decides
    assert [one.score for one in found] == pytest.approx([one.score for one in turned])


@given(candidates(), days)
def test_what_is_open_fades_to_a_half_and_never_returns(candidate: Candidate, later: float) -> None:
    category = LANDSHUT.categories[candidate.category]
    now, then = (presence(category, candidate, NOW + timedelta(days=passed)) for passed in (0, later))
    assert 0 <= then <= now <= 1
    if candidate.is_public and candidate.status in (Status.RECEIVED, Status.WAITING):
        assert then >= 0.5


def test_words_are_alike_in_any_spelling() -> None:
    assert likeness("Die Straßenlaterne am Müllplatz", "STRASSENLATERNEN? Muellplatz!", stem) == 1
    assert likeness("Die Laterne ist aus", "Schlagloch", stem) == 0
    assert likeness("", "Schlagloch", stem) == 0
