"""Handing a ticket to another department, or back to the desk because it is not one's own."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.history import Event
from maengelmelder.domain.reports import is_printable
from maengelmelder.domain.tickets import decide_transfer, decide_version
from maengelmelder.services import history
from maengelmelder.services.delivering.enqueue import tell_department
from maengelmelder.services.handling.move import MAX_WORDS, touch
from maengelmelder.store.models import Department, Ticket, TicketEvent


def transfer(
    session: Session, ticket: Ticket, to: str, *, version: int, note: str, actor: str, now: datetime
) -> TicketEvent:
    """Hand the ticket to another department, which is told at once.

    to: the department's key. Raises Refusal `version_stale`, `department_unknown`, `department_same`,
    `text_too_long`, `text_not_printable`.
    """
    decide_version(version, ticket.version)
    known = {d.key: d for d in session.scalars(select(Department).where(Department.active))}
    target = known[decide_transfer(ticket.department.key, to, known)]
    return _hand_over(session, ticket, target, Event.TRANSFERRED, note=note, actor=actor, now=now)


def refuse(
    session: Session,
    catalogue: Catalogue,
    ticket: Ticket,
    *,
    version: int,
    note: str,
    proposal: str,
    actor: str,
    now: datetime,
) -> TicketEvent:
    """Send the ticket back to the desk, with a reason and perhaps a proposal; never to nowhere.

    Raises Refusal `version_stale`, `note_missing`, `department_unknown` or `department_same` (at `proposal`; at
    `department` when the ticket lies at the desk already), `text_too_long`, `text_not_printable`.
    """
    decide_version(version, ticket.version)
    if not note.strip():
        raise Refusal("note_missing", "note")
    if proposal and proposal not in catalogue.departments:
        raise Refusal("department_unknown", "proposal")
    if proposal and proposal == ticket.department.key:
        raise Refusal("department_same", "proposal")
    known = {d.key: d for d in session.scalars(select(Department).where(Department.active))}
    desk = known[decide_transfer(ticket.department.key, catalogue.city.desk, known)]
    return _hand_over(session, ticket, desk, Event.REFUSED, note=note, actor=actor, now=now, proposal=proposal)


def _hand_over(
    session: Session,
    ticket: Ticket,
    target: Department,
    kind: Event,
    *,
    note: str,
    actor: str,
    now: datetime,
    **data: str,
) -> TicketEvent:
    if len(note) > MAX_WORDS or not is_printable(note):
        raise Refusal("text_too_long" if len(note) > MAX_WORDS else "text_not_printable", "note", limit=MAX_WORDS)
    before = ticket.department.key
    ticket.department = target
    ticket.copies = [department for department in ticket.copies if department is not target]
    text = None
    if note.strip():
        text = history.write_text(session, ticket, "note", note.strip(), now=now, releasable=False)
    said = {key: value for key, value in data.items() if value}
    event = history.record(
        session, ticket, kind, actor=actor, now=now, text=text, before=before, department=target.key, **said
    )
    tell_department(session, event, target, now)
    touch(ticket, now)
    return event
