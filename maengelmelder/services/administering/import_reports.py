"""Taking reports of an older system in, a batch at a time: repeatable, with their own times, and quietly."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from maengelmelder.domain.catalogue import Area, Catalogue
from maengelmelder.domain.errors import Refusals
from maengelmelder.domain.history import Event
from maengelmelder.domain.old_reports import OldReport, decide_old_report
from maengelmelder.services.administering.old_report_rows import (
    Decided,
    copies_rows,
    events_rows,
    report_row,
    submission_of,
    texts_rows,
    ticket_row,
)
from maengelmelder.services.reporting.locate import describe
from maengelmelder.store import models as m
from maengelmelder.store.catalogue_codec import area_of
from maengelmelder.store.cells import keep_cells
from maengelmelder.store.models.tickets import ticket_copies

Rows = list[dict[str, Any]]


@dataclass
class Outcome:
    """What became of a batch; `routed` counts by rule (`area`, `category`, `desk`)."""

    imported: int = 0
    already: int = 0
    refused: list[tuple[OldReport, Refusals]] = field(default_factory=list)
    routed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Manner:
    """How to import. release: kinds of texts (`description`, `address`) that were public in the older system."""

    source: str
    notify: bool = False
    dry_run: bool = False
    release: Collection[str] = ()


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
    where = _whereabouts(session, decided)
    made = [
        ticket_row(one, categories, ids, now) | {"address": words} for one, words in zip(decided, where, strict=True)
    ]
    tickets = _insert(session, m.Ticket, made)
    rows = [report_row(one, ticket, manner.source) for one, ticket in zip(decided, tickets, strict=True)]
    reports = _insert(session, m.Report, rows)
    numbered = list(zip(decided, tickets, reports, strict=True))
    _add(session, ticket_copies, [r for one, ticket, _ in numbered for r in copies_rows(one, ticket, ids)])
    _add(session, m.TicketText.__table__, [r for numbers in numbered for r in texts_rows(*numbers, manner.release)])
    _add(
        session, m.TicketEvent.__table__, [r for numbers in numbered for r in events_rows(*numbers, manner.source, now)]
    )
    keep_cells(session, tickets)
    if manner.notify:
        _add(session, m.Delivery.__table__, list(_deliveries(session, decided, tickets, departments, now)))


def _whereabouts(session: Session, decided: Sequence[Decided]) -> list[str]:
    """Words for each place out of the city's own addresses, where there are any and the older system had none."""
    if session.scalar(select(m.KnownAddress.id).limit(1)) is None:
        return [""] * len(decided)
    drafts = [one.old.draft for one in decided]
    return ["" if draft.address.strip() else describe(session, draft.place) for draft in drafts]


def _insert(session: Session, model: Any, rows: Rows) -> Sequence[int]:
    """Insert rows with ids reserved before; gives the ids. RETURNING would cost PostgreSQL's driver half the time."""
    ids = _reserve(session, model.__table__, len(rows))
    _add(session, model.__table__, [{"id": number, **row} for number, row in zip(ids, rows, strict=True)])
    return ids


def _reserve(session: Session, table: Any, count: int) -> Sequence[int]:
    """Ids that nobody else gets: from PostgreSQL's sequence; on SQLite this transaction is the only one that writes."""
    if session.get_bind().dialect.name == "postgresql":
        query = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
        return session.scalars(query, {"table": table.name, "count": count}).all()
    used = text("SELECT max(seq) FROM sqlite_sequence WHERE name = :table")  # numbers of erased tickets never return
    last = max(session.scalar(used, {"table": table.name}) or 0, session.scalar(select(func.max(table.c.id))) or 0)
    return range(last + 1, last + 1 + count)


def _add(session: Session, table: Any, rows: Rows) -> None:
    if rows:
        session.execute(insert(table), rows)


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
