"""Taking in a report: one transaction holds the report, its ticket, its history and what has to be told."""

import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.history import Event
from maengelmelder.domain.reports import (
    Accepted,
    Channel,
    Draft,
    Publish,
    decide_report,
    is_published,
    may_show_photos,
    shows_at_once,
)
from maengelmelder.domain.routing import Route, decide_route
from maengelmelder.services import history
from maengelmelder.services.delivering.enqueue import ask_for_confirmation, tell_copies, tell_department
from maengelmelder.services.reporting.locate import describe, locate
from maengelmelder.store.models import Category, Department, Photo, Report, Ticket, TicketEvent


class SubmissionTaken(Exception):
    """Somebody else's report bears this submission id (RFC 9110: 409 Conflict)."""


@dataclass(frozen=True)
class Incoming:
    """A draft with what surrounds it.

    submission: UUID of the client, the same for every try. secret_hash: SHA-256 hex of the status link's secret.
    photos: keys under which the originals already lie in the photo store. held: too many from one network, so
    that nothing is public before a clerk looked. secret_is_minted: the client sent no secret, we just made one.
    suggested: the categories that the description spoke of, the best first; None: nothing was asked.
    """

    draft: Draft
    submission: str
    secret_hash: str | None
    photos: Sequence[str] = ()
    email: str = ""
    language: str = "de"
    channel: Channel = "web"
    publish: Publish = "review"
    from_form: bool = True
    held: bool = False
    secret_is_minted: bool = False
    suggested: Sequence[str] | None = None


@dataclass(frozen=True)
class Receipt:
    """What came of it; `repeated` when this submission had been taken before."""

    report: Report
    repeated: bool


def find_earlier(session: Session, submission: str, secret_hash: str | None) -> Report | None:
    """The report of an earlier try; raises SubmissionTaken when the secret is another.

    secret_hash: None from a client that has none; it learns the number, and the link never again.
    """
    report = session.scalars(select(Report).where(Report.submission == submission)).first()
    if report is None or secret_hash is None:
        return report
    if not hmac.compare_digest(report.secret_hash or "", secret_hash):
        raise SubmissionTaken(submission)
    return report


def submit(session: Session, catalogue: Catalogue, incoming: Incoming, now: datetime) -> Receipt:
    """Take a report in, or find it again. Raises Refusals for a faulty draft, SubmissionTaken for a foreign one."""
    shown = None if incoming.secret_is_minted else incoming.secret_hash
    earlier = find_earlier(session, incoming.submission, shown)
    if earlier is not None:
        return Receipt(earlier, repeated=True)
    incoming = replace(incoming, draft=locate(session, incoming.draft))
    accepted = decide_report(catalogue, incoming.draft, from_form=incoming.from_form)
    return Receipt(open_ticket(session, catalogue, incoming, accepted, now), repeated=False)


def open_ticket(
    session: Session, catalogue: Catalogue, incoming: Incoming, accepted: Accepted, now: datetime
) -> Report:
    """Open a ticket for an accepted report, send it on its way, and tell who has to know."""
    route = decide_route(catalogue, accepted.category, incoming.draft.place, accepted.answers)
    ticket = new_ticket(session, incoming, accepted, route, now)
    report = new_report(session, ticket, incoming, accepted, now)
    write_words(session, ticket, report, incoming, accepted)
    add_photos(session, report, incoming, accepted)
    reported = history.record(
        session, ticket, Event.REPORTED, actor=history.REPORTER, now=now, report=report.id, channel=report.channel
    )
    routed = record_route(session, ticket, route, now)
    tell_department(session, routed, ticket.department, now)
    tell_copies(session, routed, ticket.copies, now)
    ask_for_confirmation(session, report, reported, now)
    return report


def new_ticket(session: Session, incoming: Incoming, accepted: Accepted, route: Route, now: datetime) -> Ticket:
    """A ticket for an accepted report, in the hands of the department it was routed to."""
    departments = {d.key: d for d in session.scalars(select(Department))}
    public = is_published(accepted.category, accepted.answers)
    ticket = Ticket(
        category=session.scalars(select(Category).where(Category.key == accepted.category.key)).one(),
        department=departments[route.department],
        copies=[departments[key] for key in route.cc],
        because=asdict(route.because),
        address=describe(session, incoming.draft.place),
        urgency=accepted.urgency,
        reported_at=now,
        updated_at=now,
        published_at=now if public and not incoming.held else None,
        held=public and incoming.held,
    )
    ticket.place = incoming.draft.place
    session.add(ticket)
    return ticket


def record_route(session: Session, ticket: Ticket, route: Route, now: datetime) -> TicketEvent:
    """Note who became responsible and why."""
    because = {key: value for key, value in asdict(route.because).items() if value}
    return history.record(
        session, ticket, Event.ROUTED, actor=history.SYSTEM, now=now, department=route.department, **because
    )


def new_report(session: Session, ticket: Ticket, incoming: Incoming, accepted: Accepted, now: datetime) -> Report:
    """The report's row; choice answers stand here, words stand in rows of their own."""
    choices = {q.key for q in accepted.category.questions if q.type != "text"}
    report = Report(
        ticket=ticket,
        submission=incoming.submission,
        secret_hash=incoming.secret_hash,
        channel=incoming.channel,
        language=incoming.language,
        name=incoming.draft.name.strip(),
        email=incoming.email,
        emergency=incoming.draft.emergency,
        accuracy_m=incoming.draft.accuracy_m,
        answers={key: list(values) for key, values in accepted.answers.items() if key in choices},
        created_at=now,
        suggested=None if incoming.suggested is None else list(incoming.suggested),
    )
    session.add(report)
    session.flush()
    return report


def write_words(session: Session, ticket: Ticket, report: Report, incoming: Incoming, accepted: Accepted) -> None:
    """Keep description, typed address and text answers, each with what may become of it."""
    public = is_published(accepted.category, accepted.answers)
    at_once = shows_at_once(incoming.publish, accepted.category, accepted.answers) and not incoming.held
    words = [
        ("description", "", incoming.draft.description, public),
        ("address", "", incoming.draft.address, public),
        *(
            ("answer", question.key, value, public and question.public)
            for question in accepted.category.questions
            if question.type == "text"
            for value in accepted.answers.get(question.key, ())
        ),
    ]
    for kind, key, body, releasable in words:
        if body.strip():
            history.write_text(
                session,
                ticket,
                kind,
                body.strip(),
                now=report.created_at,
                report_id=report.id,
                key=key,
                releasable=releasable,
                released=at_once,
            )


def add_photos(session: Session, report: Report, incoming: Incoming, accepted: Accepted) -> None:
    """Note the photos whose originals lie in the store; the worker makes what may be shown."""
    releasable = may_show_photos(accepted.category, accepted.answers)
    at_once = releasable and shows_at_once(incoming.publish, accepted.category, accepted.answers)
    for key in incoming.photos:
        session.add(
            Photo(
                key=key,
                ticket_id=report.ticket_id,
                report_id=report.id,
                created_at=report.created_at,
                due_at=report.created_at,
                releasable=releasable,
                released_at=report.created_at if at_once and not incoming.held else None,
            )
        )
    session.flush()
