"""The append-only story of a ticket: codes, ids and times, each entry sealed to the one before.

A sealed entry holds no words and no personal data, so it can stay when words are erased (DSGVO Art. 17).
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

START = "0" * 64


class Event(StrEnum):
    """What can happen to a ticket, in the past tense."""

    REPORTED = "reported"
    IMPORTED = "imported"
    ROUTED = "routed"
    MOVED = "moved"
    TRANSFERRED = "transferred"
    REFUSED = "refused"
    ANSWERED = "answered"
    NOTED = "noted"
    TEXT_RELEASED = "text_released"
    TEXT_WITHHELD = "text_withheld"
    PHOTO_RELEASED = "photo_released"
    PHOTO_WITHHELD = "photo_withheld"
    TICKET_RELEASED = "ticket_released"
    PHOTO_ADDED = "photo_added"
    ADDED = "added"
    REPLIED = "replied"
    ERASED = "erased"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


PUBLIC = frozenset(
    {
        Event.REPORTED,
        Event.IMPORTED,
        Event.MOVED,
        Event.TRANSFERRED,
        Event.ANSWERED,
        Event.JOINED,
        Event.ADDED,
        Event.REPLIED,
    }
)


@dataclass(frozen=True)
class Entry:
    """One thing that happened: `data` holds codes and ids only; `words` is a salted hash of words kept elsewhere."""

    ticket: int
    position: int
    at: datetime
    event: Event
    actor: str
    data: Mapping[str, object] = field(default_factory=dict)
    words: str = ""


def seal(entry: Entry, previous: str) -> str:
    """The entry's SHA-256 over its canonical JSON and the seal before it (START for the first), in hex."""
    content = [
        entry.ticket,
        entry.position,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.event),
        entry.actor,
        entry.data,
        entry.words,
        previous,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def hash_words(words: str, salt: bytes) -> str:
    """Salted hash of words: proves later what was said, gives nothing away once words and salt are erased."""
    return hmac.new(salt, words.encode(), hashlib.sha256).hexdigest()
