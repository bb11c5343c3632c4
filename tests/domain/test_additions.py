"""What may still be added to a report, and when the city's question may be answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maengelmelder.domain.additions import MOST_ADDITIONS, Past, decide_addition, decide_response
from maengelmelder.domain.errors import Refusals
from maengelmelder.domain.tickets import Status

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FRESH = Past(photos=3)


def faults_of(
    past: Past = FRESH, words: str = "Noch dunkler", photos: int = 0, most: int = 3
) -> list[tuple[str, object]]:
    try:
        decide_addition(past, NOW, words=words, photos=photos, most=most)
    except Refusals as refusals:
        return [(refusal.code, refusal.field) for refusal in refusals.refusals]
    return []


def test_words_alone_and_photos_alone_are_enough() -> None:
    assert faults_of() == faults_of(words="", photos=3) == []


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"words": "  \n"}, ("addition_empty", "words")),
        ({"words": "x" * 4001}, ("text_too_long", "words")),
        ({"words": "a\0b"}, ("text_not_printable", "words")),
        ({"photos": 4}, ("photos_too_many", "photos")),
        ({"photos": 1, "most": 0}, ("photos_not_wanted", "photos")),
        ({"photos": 3, "past": replace(FRESH, photos=8)}, ("photos_full", "photos")),
        ({"past": replace(FRESH, additions=MOST_ADDITIONS)}, ("additions_too_many", None)),
        ({"past": replace(FRESH, is_withdrawn=True)}, ("report_withdrawn", None)),
        ({"past": replace(FRESH, is_erased=True)}, ("report_erased", None)),
        ({"past": replace(FRESH, closed_at=NOW - timedelta(days=30, seconds=1))}, ("closed_long_ago", None)),
    ],
)
def test_everything_else_is_refused_with_its_reason(given: dict[str, object], fault: tuple[str, object]) -> None:
    assert faults_of(**given) == [fault]  # type: ignore[arg-type]


def test_the_tenth_photo_and_the_thirtieth_day_still_count() -> None:
    assert faults_of(replace(FRESH, photos=7, closed_at=NOW - timedelta(days=30)), photos=3) == []


def test_every_fault_is_said_at_once() -> None:
    assert faults_of(words="\0", photos=5) == [("text_not_printable", "words"), ("photos_too_many", "photos")]


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.WAITING])
def test_only_a_question_can_be_answered(status: Status) -> None:
    with pytest.raises(Refusals, match="not_asked"):
        decide_response(FRESH, NOW, status, "Ja, die dritte von links.")


def test_an_answer_needs_words() -> None:
    decide_response(FRESH, NOW, Status.WAITING, "Ja, die dritte von links.")
    with pytest.raises(Refusals, match="response_missing"):
        decide_response(FRESH, NOW, Status.WAITING, " ")
