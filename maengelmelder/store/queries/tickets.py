"""Finding tickets: for the public, for the reporter, for staff."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, selectinload

from maengelmelder.store.models import Report, Ticket, User
from maengelmelder.store.models.tickets import ticket_copies

SEES_EVERYTHING = frozenset({"desk", "administrator"})


def is_public() -> ColumnElement[bool]:
    """What everyone may see: published, and not merged into another ticket."""
    return Ticket.published_at.is_not(None) & Ticket.merged_into_id.is_(None)


def is_visible_to(user: User) -> ColumnElement[bool]:
    """What a person of the staff may see: all for the desk, else the own departments' tickets and their copies."""
    if SEES_EVERYTHING & {role.name for role in user.roles}:
        return Ticket.id.is_not(None)
    own = [department.id for department in user.departments]
    copied = select(ticket_copies.c.ticket_id).where(ticket_copies.c.department_id.in_(own))
    return or_(Ticket.department_id.in_(own), Ticket.id.in_(copied))


def is_handled_by(user: User, ticket: Ticket) -> bool:
    """Whether this person may change the ticket: the desk may, a clerk of its department may, a reader never."""
    roles = {role.name for role in user.roles}
    if SEES_EVERYTHING & roles:
        return True
    return bool(roles & {"clerk", "field"}) and ticket.department_id in {d.id for d in user.departments}


def find_public_ticket(session: Session, number: int) -> Ticket | None:
    """A ticket that everyone may see."""
    return session.scalars(select(Ticket).where(Ticket.id == number, is_public())).first()


def find_report_by_secret(session: Session, secret_hash: str) -> Report | None:
    """The report whose status link bears this secret; only the hash is known here."""
    query = select(Report).where(Report.secret_hash == secret_hash).options(selectinload(Report.ticket))
    return session.scalars(query).first()


def find_for_staff(session: Session, user: User, number: int) -> Ticket | None:
    """A ticket that this person may see."""
    return session.scalars(select(Ticket).where(Ticket.id == number, is_visible_to(user))).first()


def find_for_change(session: Session, user: User, number: int) -> Ticket | None:
    """A ticket that this person may see, its row locked until the transaction ends."""
    query = select(Ticket).where(Ticket.id == number, is_visible_to(user))
    return session.scalars(query.with_for_update(of=Ticket).execution_options(populate_existing=True)).first()
