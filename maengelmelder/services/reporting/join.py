"""Joining: somebody is affected by what another person has reported, and stands by that ticket instead of a new one."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.duplicates import may_be_joined
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.history import Event
from maengelmelder.domain.reports import Accepted, Draft, decide_joining, is_published, shows_at_once
from maengelmelder.services import history
from maengelmelder.services.delivering.enqueue import ask_for_confirmation, tell_of_addition
from maengelmelder.services.handling.move import touch
from maengelmelder.services.reporting.submit import Incoming, Receipt, add_photos, find_earlier, new_report
from maengelmelder.store.models import Report, Ticket, TicketEvent, TicketText

LONGEST_CHAIN = 10  # of tickets merged one into the next


def join(session: Session, catalogue: Catalogue, incoming: Incoming, number: int, now: datetime) -> Receipt:
    """Let somebody stand by a ticket, with words and photos if they come along; the same submission joins once.

    The ticket keeps its place and answers: where the second person stood is not kept. Words and photos wait for their
    release as all others. The department hears of words and photos, not of a mere "me too": that is a number beside
    the ticket, and a mail for each would bury the ones that say something.
    Raises Refusal `joins_unknown`, `joins_closed`; Refusals for words and photos; SubmissionTaken.
    """
    earlier = find_earlier(session, incoming.submission, None if incoming.secret_is_minted else incoming.secret_hash)
    if earlier is not None:
        return Receipt(earlier, repeated=True)
    ticket = get_joinable(session, number, now, for_change=True)
    accepted = _accept(catalogue, ticket, incoming.draft)
    own = replace(incoming, draft=Draft(description=incoming.draft.description, name=incoming.draft.name))
    report = new_report(session, ticket, own, replace(accepted, answers={}), now)
    text = _write_words(session, ticket, report, own, accepted)
    add_photos(session, report, own, accepted)
    joined = _record(session, ticket, report, text, now)
    ask_for_confirmation(session, report, joined, now)
    return Receipt(report, repeated=False)


def get_joinable(session: Session, number: int, now: datetime, *, for_change: bool = False) -> Ticket:
    """The public ticket with this number, or the one that it was merged into, locked if it is to change.

    Raises Refusal `joins_unknown` (also for what not everybody may see) or `joins_closed`.
    """
    ticket = _find(session, number, for_change)
    for _ in range(LONGEST_CHAIN):
        if ticket is None or ticket.merged_into_id is None:
            break
        ticket = _find(session, ticket.merged_into_id, for_change)
    if ticket is None or ticket.published_at is None or ticket.merged_into_id is not None:
        raise Refusal("joins_unknown", "joins")
    if not may_be_joined(ticket.state, ticket.closed_at, now):
        raise Refusal("joins_closed", "joins", number=ticket.id)
    return ticket


def check_joining(session: Session, catalogue: Catalogue, number: int, draft: Draft, now: datetime) -> None:
    """Whether it would be taken; changes nothing. Raises as `join`."""
    decide_joining(catalogue.categories[get_joinable(session, number, now).category.key], draft)


def _find(session: Session, number: int, for_change: bool) -> Ticket | None:
    if for_change:  # first the lock, then the look: see store.queries.tickets.find_for_change
        session.execute(select(Ticket.id).where(Ticket.id == number).with_for_update())
    query = select(Ticket).where(Ticket.id == number)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def _accept(catalogue: Catalogue, ticket: Ticket, draft: Draft) -> Accepted:
    """With the answers of the first report, which decide what may become public."""
    category = catalogue.categories[ticket.category.key]
    decide_joining(category, draft)
    return Accepted(category, ticket.reports[0].answers if ticket.reports else {}, ticket.urgency)


def _write_words(
    session: Session, ticket: Ticket, report: Report, incoming: Incoming, accepted: Accepted
) -> TicketText | None:
    body = incoming.draft.description.strip()
    if not body:
        return None
    at_once = shows_at_once(incoming.publish, accepted.category, accepted.answers) and not incoming.held
    return history.write_text(
        session,
        ticket,
        "description",
        body,
        now=report.created_at,
        report_id=report.id,
        releasable=is_published(accepted.category, accepted.answers),
        released=at_once,
    )


def _record(session: Session, ticket: Ticket, report: Report, text: TicketText | None, now: datetime) -> TicketEvent:
    photos = [photo.id for photo in ticket.photos if photo.report_id == report.id]
    data = {"report": report.id, "channel": report.channel} | ({"photos": photos} if photos else {})
    joined = history.record(session, ticket, Event.JOINED, actor=history.REPORTER, now=now, text=text, **data)
    ticket.updated_at = now
    if text is not None or photos:
        touch(ticket, now)  # a mere "me too" disturbs no clerk who is just writing
        tell_of_addition(session, joined, ticket.department, now)
    return joined
