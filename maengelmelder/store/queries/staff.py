"""What a ticket's page behind the log-in shows beside the ticket itself."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from maengelmelder.store.models import Delivery, Department, Photo, Ticket, User
from maengelmelder.store.queries.tickets import is_visible_to


def find_photo_for_staff(session: Session, user: User, key: str) -> Photo | None:
    """A showable photo, released or not, of a ticket that this person may see."""
    if not (key.isascii() and key.isprintable()):
        return None
    query = select(Photo).join(Ticket).where(Photo.key == key, Photo.state == "ready", is_visible_to(user))
    return session.scalars(query).first()


def find_deliveries(session: Session, ticket: Ticket) -> Sequence[Delivery]:
    """Everything that was or is to be sent about a ticket, the newest first, with its department."""
    query = select(Delivery).where(Delivery.ticket_id == ticket.id).order_by(Delivery.id.desc())
    return session.scalars(query.options(selectinload(Delivery.department))).all()


def find_department_names(session: Session) -> dict[str, str]:
    """The German name of every department by its key, retired ones too: histories speak of them."""
    return {row.key: row.name for row in session.execute(select(Department.key, Department.name))}


def find_user_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """What people of the staff are called: their name, or their address where there is none."""
    rows = session.execute(select(User.id, User.name, User.email).where(User.id.in_(list(ids))))
    return {row.id: row.name or row.email for row in rows}
