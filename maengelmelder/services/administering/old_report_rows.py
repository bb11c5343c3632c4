"""An old report as the rows of its ticket."""

import secrets
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maengelmelder.domain.history import START, Entry, Event, seal
from maengelmelder.domain.old_reports import OldReport
from maengelmelder.domain.reports import Accepted, is_published
from maengelmelder.domain.routing import Route
from maengelmelder.domain.tickets import CLOSED
from maengelmelder.services.history import SYSTEM
from maengelmelder.store.types import to_point

NAMESPACE = uuid.UUID("5f6f2c0e-6d0b-5a0c-9a55-0e6b6f1d7a10")  # of submissions that are made from source and id


@dataclass(frozen=True)
class Decided:
    """An old report that is taken: what it is here, and whose."""

    old: OldReport
    accepted: Accepted
    route: Route

    @property
    def is_public(self) -> bool:
        """Whether category and answers let it be shown, and its end does not forbid it."""
        past = self.old.past(self.old.reported_at)
        return is_published(self.accepted.category, self.accepted.answers) and not (past and past[0].unpublishes)


def submission_of(source: str, source_id: str) -> str:
    """The submission id that an old report has for good, so that it can never come in twice."""
    return str(uuid.uuid5(NAMESPACE, f"{source}\n{source_id}"))


def ticket_row(one: Decided, categories: dict[str, int], departments: dict[str, int], now: datetime) -> dict[str, Any]:
    """The ticket as it stands today."""
    old, past = one.old, one.old.past(now)
    at = past[1] if past else old.reported_at
    return {
        "category_id": categories[one.accepted.category.key],
        "department_id": departments[one.route.department],
        "status": str(old.status),
        "urgency": one.accepted.urgency,
        "because": vars(one.route.because),
        "position": to_point(old.draft.place),
        "reported_at": old.reported_at,
        "updated_at": at,
        "published_at": old.reported_at if one.is_public else None,
        "closed_at": at if old.status in CLOSED else None,
        "decline_reason": old.reason,
        "forwarded_to_id": departments[old.receiver] if old.receiver else None,
    }


def report_row(one: Decided, ticket: int, source: str) -> dict[str, Any]:
    """What one person once sent, without anything about the person."""
    return {
        "ticket_id": ticket,
        "submission": submission_of(source, one.old.source_id),
        "secret_hash": None,
        "channel": "import",
        "answers": {},
        "created_at": one.old.reported_at,
        "source": source,
        "source_id": one.old.source_id,
    }


def copies_rows(one: Decided, ticket: int, departments: dict[str, int]) -> Iterator[dict[str, Any]]:
    """The departments that read along."""
    return ({"ticket_id": ticket, "department_id": departments[key]} for key in one.route.cc)


def texts_rows(one: Decided, ticket: int, report: int, release: Collection[str]) -> Iterator[dict[str, Any]]:
    """Its words, public only if they were so before and the category allows it."""
    releasable = is_published(one.accepted.category, one.accepted.answers)
    for kind, body in (("description", one.old.draft.description), ("address", one.old.draft.address)):
        if body.strip():
            yield {
                "ticket_id": ticket,
                "report_id": report,
                "kind": kind,
                "body": body.strip(),
                "salt": secrets.token_bytes(16),
                "created_at": one.old.reported_at,
                "releasable": releasable,
                "released_at": one.old.reported_at if one.is_public and kind in release else None,
            }


def events_rows(one: Decided, ticket: int, report: int, source: str, now: datetime) -> Iterator[dict[str, Any]]:
    """The sealed history: it came in, it found its department, and perhaps it has ended long ago."""
    previous = START
    for position, (at, event, data) in enumerate(_story(one, report, source, now), start=1):
        previous = seal(Entry(ticket, position, at, event, SYSTEM, data), previous)
        yield {
            "ticket_id": ticket,
            "position": position,
            "at": at,
            "event": str(event),
            "actor": SYSTEM,
            "data": data,
            "seal": previous,
        }


def _story(one: Decided, report: int, source: str, now: datetime) -> Iterator[tuple[datetime, Event, dict[str, Any]]]:
    old = one.old
    because = {key: value for key, value in vars(one.route.because).items() if value}
    yield old.reported_at, Event.IMPORTED, {"report": report, "channel": "import", "source": source}
    yield old.reported_at, Event.ROUTED, {"department": one.route.department, **because}
    if past := old.past(now):
        move, at = past
        data = {"before": move.before, "after": move.after, "reason": move.reason, "receiver": move.receiver}
        yield at, Event.MOVED, {key: str(value) for key, value in data.items() if value}
