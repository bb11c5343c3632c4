"""Taking reports of an older system in, a batch at a time: repeatable, with their own times, and quietly."""

import secrets
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from maengelmelder.domain.catalogue import Area, Catalogue
from maengelmelder.domain.errors import Refusals
from maengelmelder.domain.history import START, Entry, Event, seal
from maengelmelder.domain.old_reports import OldReport, decide_old_report
from maengelmelder.domain.reports import Accepted, is_published
from maengelmelder.domain.routing import Route
from maengelmelder.domain.tickets import CLOSED
from maengelmelder.services.history import SYSTEM
from maengelmelder.store import models as m
from maengelmelder.store.catalogue_codec import area_of
from maengelmelder.store.models.tickets import ticket_copies
from maengelmelder.store.types import to_point

NAMESPACE = uuid.UUID("5f6f2c0e-6d0b-5a0c-9a55-0e6b6f1d7a10")  # of submissions that are made from source and id

Rows = list[dict[str, Any]]


@dataclass
class Outcome:
    """What became of a batch; `routed` counts by rule (`area`, `category`, `desk`)."""

    imported: int = 0
    already: int = 0
    refused: list[tuple[OldReport, Refusals]] = field(default_factory=list)
    routed: dict[str, int] = field(default_factory=dict)


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


@dataclass(frozen=True)
class Manner:
    """How to import. release: kinds of texts (`description`, `address`) that were public in the older system."""

    source: str
    notify: bool = False
    dry_run: bool = False
    release: Collection[str] = ()


def submission_of(source: str, source_id: str) -> str:
    """The submission id that an old report has for good, so that it can never come in twice."""
    return str(uuid.uuid5(NAMESPACE, f"{source}\n{source_id}"))


def find_areas(session: Session, catalogue: Catalogue) -> list[Area]:
    """Every area that an older system may name: those on the map and those that nobody has drawn yet."""
    waiting = session.scalars(select(m.Area).where(m.Area.geometry.is_(None)).order_by(m.Area.position))
    return [*catalogue.areas.values(), *(area_of(row.definition, None) for row in waiting)]


def import_batch(
    session: Session, catalogue: Catalogue, batch: Sequence[OldReport], manner: Manner, now: datetime
) -> Outcome:
    """Take in what is new and sound; the caller commits. Nothing is written for a dry run."""
    fresh = _without_known(session, manner.source, batch)
    outcome = Outcome(already=len(batch) - len(fresh))
    decided = list(_decide(catalogue, fresh, now, outcome))
    if decided and not manner.dry_run:
        _write(session, decided, manner, now)
    return outcome


def _without_known(session: Session, source: str, batch: Sequence[OldReport]) -> list[OldReport]:
    """Those that are not here yet; asked by submission, whose index serves without statistics of a growing table."""
    submissions = [submission_of(source, old.source_id) for old in batch]
    known = set(session.scalars(select(m.Report.submission).where(m.Report.submission.in_(submissions))))
    return [old for old, submission in zip(batch, submissions, strict=True) if submission not in known]


def refresh_statistics(session: Session) -> None:
    """Tell PostgreSQL how large the tables have become; the plans it made for empty ones read them whole each time."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE tickets, reports, ticket_texts, ticket_events"))


def _decide(catalogue: Catalogue, batch: Iterable[OldReport], now: datetime, outcome: Outcome) -> Iterator[Decided]:
    for old in batch:
        try:
            decided = Decided(old, *decide_old_report(catalogue, old, now))
        except Refusals as refusals:
            outcome.refused.append((old, refusals))
            continue
        rule = decided.route.because.rule
        outcome.imported += 1
        outcome.routed[rule] = outcome.routed.get(rule, 0) + 1
        yield decided


def _write(session: Session, decided: Sequence[Decided], manner: Manner, now: datetime) -> None:
    """All rows of the batch, table by table: a row at a time through the mapper would take five times as long."""
    departments = {row.key: row for row in session.scalars(select(m.Department))}
    categories = dict(session.execute(select(m.Category.key, m.Category.id)).all())
    ids = {key: department.id for key, department in departments.items()}
    tickets = _insert(session, m.Ticket, [_ticket(one, categories, ids, now) for one in decided])
    reports = _insert(
        session, m.Report, [_report(one, ticket, manner.source) for one, ticket in zip(decided, tickets, strict=True)]
    )
    numbered = list(zip(decided, tickets, reports, strict=True))
    _add(session, ticket_copies, [r for one, ticket, _ in numbered for r in _copies(one, ticket, ids)])
    _add(session, m.TicketText.__table__, [r for numbers in numbered for r in _texts(*numbers, manner.release)])
    _add(session, m.TicketEvent.__table__, [r for numbers in numbered for r in _events(*numbers, manner.source, now)])
    if manner.notify:
        _add(session, m.Delivery.__table__, list(_deliveries(session, decided, tickets, departments, now)))


def _insert(session: Session, model: Any, rows: Rows) -> Sequence[int]:
    """Insert rows; gives their ids in the same order."""
    table = model.__table__
    return session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows).all()


def _add(session: Session, table: Any, rows: Rows) -> None:
    if rows:
        session.execute(insert(table), rows)


def _ticket(one: Decided, categories: dict[str, int], departments: dict[str, int], now: datetime) -> dict[str, Any]:
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


def _report(one: Decided, ticket: int, source: str) -> dict[str, Any]:
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


def _copies(one: Decided, ticket: int, departments: dict[str, int]) -> Iterator[dict[str, Any]]:
    return ({"ticket_id": ticket, "department_id": departments[key]} for key in one.route.cc)


def _texts(one: Decided, ticket: int, report: int, release: Collection[str]) -> Iterator[dict[str, Any]]:
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


def _events(one: Decided, ticket: int, report: int, source: str, now: datetime) -> Iterator[dict[str, Any]]:
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


def _deliveries(
    session: Session,
    decided: Sequence[Decided],
    tickets: Sequence[int],
    departments: dict[str, m.Department],
    now: datetime,
) -> Iterator[dict[str, Any]]:
    """As for a new report: the responsible department and those that read along, if they have an address."""
    query = select(m.TicketEvent.ticket_id, m.TicketEvent.id).where(
        m.TicketEvent.ticket_id.in_(tickets), m.TicketEvent.event == str(Event.ROUTED)
    )
    routed = dict(session.execute(query).all())
    for one, ticket in zip(decided, tickets, strict=True):
        told = [("department", one.route.department), *(("copy", key) for key in one.route.cc)]
        for kind, key in told:
            if departments[key].email:
                yield {
                    "kind": kind,
                    "ticket_id": ticket,
                    "event_id": routed[ticket],
                    "department_id": departments[key].id,
                    "created_at": now,
                    "due_at": now,
                }
