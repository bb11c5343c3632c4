"""What everybody may see: lists of tickets, and pins for the map."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, column, func, or_, select, table
from sqlalchemy.orm import Session, aliased, selectinload, undefer

from maengelmelder.domain.places import Bounds, Place
from maengelmelder.domain.tickets import Status
from maengelmelder.store.models import Category, Photo, Ticket, TicketEvent, TicketText
from maengelmelder.store.queries.tickets import is_public
from maengelmelder.store.types import SRID, to_place

Row = TypeVarTuple("Row")

INDEX = table("idx_tickets_position", *(column(name) for name in ("pkid", "xmin", "xmax", "ymin", "ymax")))

LONGEST_NUMBER = 9  # digits; PostgreSQL's integer ends at 2,147,483,647


@dataclass(frozen=True)
class Filter:
    """What somebody wants to see of the public tickets; every part may be left out.

    categories: None for all of them. since: reported at this moment or later. words: in released texts, or a number.
    before: number of the ticket that the page before ended with.
    """

    bounds: Bounds | None = None
    categories: Sequence[str] | None = None
    statuses: Sequence[Status] = ()
    since: datetime | None = None
    words: str = ""
    before: int | None = None


@dataclass(frozen=True)
class Pin:
    """As much of a ticket as the map needs."""

    number: int
    category: str
    status: Status
    at: datetime
    place: Place


def find_tickets(session: Session, wanted: Filter, limit: int) -> list[Ticket]:
    """Public tickets, the newest first, with what a list shows of them."""
    shown = selectinload(Ticket.texts), selectinload(Ticket.photos), undefer(Ticket.affected)
    query = select(Ticket).options(*shown)
    return list(session.scalars(_newest(query, session, wanted, limit)))


def find_pins(session: Session, wanted: Filter, limit: int) -> list[Pin]:
    """Public tickets that have a position, the newest first."""
    query = select(Ticket.id, Category.key, Ticket.status, Ticket.reported_at, Ticket.position)
    placed = query.join(Category, Ticket.category_id == Category.id).where(Ticket.position.is_not(None))
    rows = session.execute(_newest(placed, session, wanted, limit))
    return [
        Pin(number, category, Status(status), at, place)
        for number, category, status, at, position in rows
        if (place := to_place(position)) is not None
    ]


def find_public_photo(session: Session, key: str) -> Photo | None:
    """A photo that everyone may see: released, showable, of a public ticket."""
    query = select(Photo).join(Ticket, Photo.ticket_id == Ticket.id)
    return session.scalars(
        query.where(Photo.key == key, is_public(), *is_released(Photo), Photo.state == "ready")
    ).first()


def find_photo(session: Session, key: str) -> Photo | None:
    """A showable photo, whoever may see it; the caller has checked that."""
    return session.scalars(select(Photo).where(Photo.key == key, Photo.state == "ready")).first()


def find_events(session: Session, ticket: Ticket) -> list[TicketEvent]:
    """A ticket's whole history with its words, the oldest first."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.position)
    return list(session.scalars(query.options(selectinload(TicketEvent.text))))


def _newest(query: Select[*Row], session: Session, wanted: Filter, limit: int) -> Select[*Row]:
    query = query.where(is_public(), *conditions_of(session, wanted))
    return query.order_by(Ticket.reported_at.desc(), Ticket.id.desc()).limit(limit)


def conditions_of(session: Session, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """What a ticket must fulfil to pass the filter; whether it is public is another question."""
    if wanted.categories is not None:
        yield Ticket.category_id.in_(select(Category.id).where(Category.key.in_(wanted.categories)))
    if wanted.statuses:
        yield Ticket.status.in_(wanted.statuses)
    if wanted.since is not None:
        yield Ticket.reported_at >= wanted.since
    if wanted.words:
        yield _says(wanted.words)
    if wanted.bounds is not None:
        yield is_within(session, wanted.bounds)
    if wanted.before is not None:
        yield _is_older_than(wanted.before)


def _is_older_than(number: int) -> ColumnElement[bool]:
    last = aliased(Ticket)
    at = select(last.reported_at).where(last.id == number).scalar_subquery()
    return or_(Ticket.reported_at < at, and_(Ticket.reported_at == at, Ticket.id < number))


def _says(words: str) -> ColumnElement[bool]:
    said = select(TicketText.ticket_id).where(
        TicketText.kind != "note", *is_released(TicketText), TicketText.body.icontains(words, autoescape=True)
    )
    number = words.strip().lstrip("#")
    is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    return or_(Ticket.id.in_(said), Ticket.id == int(number)) if is_number else Ticket.id.in_(said)


def is_released(model: type[Photo] | type[TicketText]) -> tuple[ColumnElement[bool], ...]:
    """What may be shown of texts and photos: released by a clerk or by the city's setting, and not withheld since."""
    return model.releasable.is_(True), model.released_at.is_not(None), model.withheld_at.is_(None)


def is_within(session: Session, bounds: Bounds) -> ColumnElement[bool]:
    """Tickets whose position lies in the rectangle, by the spatial index."""
    w, s, e, n = bounds.west, bounds.south, bounds.east, bounds.north
    if session.get_bind().dialect.name == "sqlite":  # SpatiaLite asks its R*Tree only when it is named
        x_meets = and_(INDEX.c.xmin <= e, INDEX.c.xmax >= w)
        return Ticket.id.in_(select(INDEX.c.pkid).where(x_meets, INDEX.c.ymin <= n, INDEX.c.ymax >= s))
    return Ticket.position.bool_op("&&")(func.ST_MakeEnvelope(w, s, e, n, SRID))
