"""Finding tickets: for the public, for the reporter, for staff."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, selectinload

from maengelmelder.domain.history import Event
from maengelmelder.store.models import Delivery, Report, Ticket, TicketEvent, User
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


def find_messages_to(session: Session, report: Report) -> list[Delivery]:
    """What was sent, or is to be sent, to whoever made this report; the oldest first."""
    return list(session.scalars(select(Delivery).where(Delivery.report_id == report.id).order_by(Delivery.id)))


def find_for_staff(session: Session, user: User, number: int) -> Ticket | None:
    """A ticket that this person may see."""
    return session.scalars(select(Ticket).where(Ticket.id == number, is_visible_to(user))).first()


def find_for_change(session: Session, user: User, number: int) -> Ticket | None:
    """A ticket that this person may see, its row locked until the transaction ends.

    First the lock, then the look: PostgreSQL would recheck a join with the row that another transaction just changed
    against the old rows of the other tables, and a handed-over ticket would come without its department.
    """
    session.execute(select(Ticket.id).where(Ticket.id == number).with_for_update())
    query = select(Ticket).where(Ticket.id == number, is_visible_to(user))
    return session.scalars(query.execution_options(populate_existing=True)).first()


def find_hand_over(session: Session, user: User, number: int, seen: int) -> TicketEvent | None:
    """The event, after position `seen` of the history, by which the ticket left a department of this person."""
    own = {department.key for department in user.departments}
    query = select(TicketEvent).where(
        TicketEvent.ticket_id == number,
        TicketEvent.position > seen,
        TicketEvent.event.in_((Event.TRANSFERRED, Event.REFUSED)),
    )
    left = (event for event in session.scalars(query.order_by(TicketEvent.position.desc())))
    return next((event for event in left if event.data.get("before") in own), None)
