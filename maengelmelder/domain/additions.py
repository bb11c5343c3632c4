"""What a reporter may add after sending, and when the city's question may still be answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from maengelmelder.domain.errors import Refusal, Refusals
from maengelmelder.domain.reports import MAX_DESCRIPTION, is_printable
from maengelmelder.domain.tickets import Status

MOST_PHOTOS = 10  # of one report, with those it came with
MOST_ADDITIONS = 20  # a mail each; who has more to say should ring
OPEN_AFTER_CLOSING = timedelta(days=30)  # so long "it is broken again" belongs to the old ticket


@dataclass(frozen=True)
class Past:
    """What one report has been through: photos that it brought, additions and answers, and whether it is still there.

    closed_at: when its ticket was closed. tokens: marks of the forms that were taken already, so that a double tap
    counts once.
    """

    closed_at: datetime | None = None
    photos: int = 0
    additions: int = 0
    is_withdrawn: bool = False
    is_erased: bool = False
    tokens: frozenset[str] = frozenset()


def find_end(past: Past, now: datetime) -> Refusal | None:
    """Why nothing can be added any more: `report_erased`, `report_withdrawn` or `closed_long_ago`."""
    if past.is_erased:
        return Refusal("report_erased")
    if past.is_withdrawn:
        return Refusal("report_withdrawn")
    if past.closed_at is not None and now - past.closed_at > OPEN_AFTER_CLOSING:
        return Refusal("closed_long_ago")
    return None


def decide_addition(past: Past, now: datetime, *, words: str, photos: int, most: int) -> None:
    """Whether words and photos may be added. most: photos that the category takes at once.

    Raises Refusals: one of `find_end`, `additions_too_many`, or at the fields `words` and `photos`
    `addition_empty`, `text_too_long`, `text_not_printable`, `photos_not_wanted`, `photos_too_many`, `photos_full`.
    """
    faults = [*_ends(past, now)]
    if not words.strip() and not photos:
        faults.append(Refusal("addition_empty", "words"))
    faults += [*_word_faults(words, "words"), *_photo_faults(past, photos, most)]
    if faults:
        raise Refusals(faults)


def decide_response(past: Past, now: datetime, status: Status, words: str) -> None:
    """Whether the city's question may be answered with these words.

    Raises Refusals: one of `find_end`, `additions_too_many`, `not_asked`, or at the field `answer` `response_missing`,
    `text_too_long`, `text_not_printable`.
    """
    faults = [*_ends(past, now)]
    if status is not Status.WAITING:
        faults.append(Refusal("not_asked"))
    if not words.strip():
        faults.append(Refusal("response_missing", "answer"))
    faults += _word_faults(words, "answer")
    if faults:
        raise Refusals(faults)


def _ends(past: Past, now: datetime) -> Iterator[Refusal]:
    if end := find_end(past, now):
        yield end
    if past.additions >= MOST_ADDITIONS:
        yield Refusal("additions_too_many", limit=MOST_ADDITIONS)


def _word_faults(words: str, field: str) -> Iterator[Refusal]:
    if len(words) > MAX_DESCRIPTION:
        yield Refusal("text_too_long", field, limit=MAX_DESCRIPTION, length=len(words))
    if not is_printable(words):
        yield Refusal("text_not_printable", field)


def _photo_faults(past: Past, photos: int, most: int) -> Iterator[Refusal]:
    if photos and most == 0:
        yield Refusal("photos_not_wanted", "photos")
    elif photos > most:
        yield Refusal("photos_too_many", "photos", limit=most)
    elif photos and past.photos + photos > MOST_PHOTOS:
        yield Refusal("photos_full", "photos", limit=MOST_PHOTOS, left=max(0, MOST_PHOTOS - past.photos))
