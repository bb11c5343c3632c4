"""The staff's inbox: what lies with whom, filtered, sorted, page by page, with a number of queries that never grows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from maengelmelder.domain.history import Event
from maengelmelder.domain.tickets import CLOSED, UNPUBLISHING_REASONS, Status
from maengelmelder.store.models import Category, Delivery, Department, Photo, Ticket, TicketEvent, TicketText, User
from maengelmelder.store.queries.questions import has_answer
from maengelmelder.store.queries.tickets import is_visible_to

View = Literal["new", "open", "release", "refused", "all"]
Sort = Literal["newest", "urgent"]
PAGE_SIZE = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
URGENCIES = ("niedrig", "mittel", "hoch")

_rank = case((Ticket.urgency == "hoch", 2), (Ticket.urgency == "mittel", 1), else_=0)


@dataclass(frozen=True)
class Mark:
    """The last row of a page, after which the next one begins: rank of urgency, microseconds since 1970, number."""

    rank: int
    micros: int
    number: int

    def __str__(self) -> str:
        return f"{self.rank}-{self.micros}-{self.number}"


def mark_of(text: str) -> Mark | None:
    """A mark from untrusted text, None if it is none."""
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 17 for part in parts):
        return None
    rank, micros, number = (int(part) for part in parts)
    return Mark(rank, micros, number) if rank <= 2 and number < 2**31 else None


@dataclass(frozen=True)
class Filter:
    """What a clerk wants to see. Keys must be the catalogue's, `words` free of control characters; empty: any."""

    view: View = "open"
    department: str = ""
    category: str = ""
    status: str = ""
    words: str = ""
    sort: Sort = "newest"
    after: Mark | None = None


@dataclass(frozen=True)
class Row:
    """A ticket with what its line in the inbox shows beside it."""

    ticket: Ticket
    typed_address: str
    thumbnail: str | None
    photos: int
    waits_for_release: bool
    undelivered: bool
    is_answered: bool


@dataclass(frozen=True)
class Page:
    """One page; `following` is the mark of the next one, None on the last."""

    rows: Sequence[Row]
    following: Mark | None


def find_inbox(session: Session, user: User, desk: str, wish: Filter, size: int = PAGE_SIZE) -> Page:
    """One page of what this person may see. desk: key of the department that takes what others refuse."""
    query = (
        select(Ticket, waits_for_release(), _is_undelivered(), has_answer())
        .where(*_conditions(user, wish), _views(desk)[wish.view], _comes_after(wish))
        .order_by(*_order(wish.sort))
        .limit(size + 1)
        .options(
            joinedload(Ticket.category).load_only(Category.key, Category.name),
            joinedload(Ticket.department).load_only(Department.key, Department.name),
            selectinload(Ticket.forwarded_to).load_only(Department.key, Department.name),
        )
    )
    found = session.execute(query).all()
    numbers = [ticket.id for ticket, *_ in found[:size]]
    pictures, typed = _photos_of(session, numbers), _addresses_of(session, numbers)
    rows = [
        Row(ticket, typed.get(ticket.id, ""), *pictures.get(ticket.id, (None, 0)), waits, failed, answered)
        for ticket, waits, failed, answered in found[:size]
    ]
    return Page(rows, _mark_after(rows[-1].ticket) if len(found) > size else None)


def count_views(session: Session, user: User, desk: str, wish: Filter) -> dict[View, int]:
    """How many tickets each view holds under the other filters, in one query."""
    views = _views(desk)
    counts = [func.count().filter(condition) for condition in views.values()]
    query = select(*counts).select_from(Ticket).where(*_conditions(user, replace(wish, after=None)))
    return dict(zip(views, session.execute(query).one(), strict=True))


def waits_for_release() -> ColumnElement[bool]:
    """A clerk has to decide what of it may be shown; withdrawn and spam are never shown, so nothing waits there."""
    text = exists().where(
        TicketText.ticket_id == Ticket.id,
        TicketText.releasable,
        TicketText.released_at.is_(None),
        TicketText.withheld_at.is_(None),
        TicketText.kind != "note",
    )
    photo = exists().where(
        Photo.ticket_id == Ticket.id,
        Photo.releasable,
        Photo.state == "ready",
        Photo.released_at.is_(None),
        Photo.withheld_at.is_(None),
    )
    return and_(Ticket.decline_reason.not_in(UNPUBLISHING_REASONS), or_(Ticket.held, text, photo))


def _is_undelivered() -> ColumnElement[bool]:
    return exists().where(Delivery.ticket_id == Ticket.id, Delivery.state == "dead")


def _views(desk: str) -> dict[View, ColumnElement[bool]]:
    is_open = Ticket.status.not_in(CLOSED)
    refused = exists().where(TicketEvent.ticket_id == Ticket.id, TicketEvent.event == Event.REFUSED)
    at_desk = Ticket.department_id.in_(select(Department.id).where(Department.key == desk))
    return {
        "new": Ticket.status == Status.RECEIVED,
        "open": is_open,
        "release": waits_for_release(),
        "refused": and_(is_open, at_desk, refused),
        "all": true(),
    }


def _conditions(user: User, wish: Filter) -> list[ColumnElement[bool]]:
    conditions = [is_visible_to(user), Ticket.merged_into_id.is_(None)]
    if wish.department:
        conditions.append(Ticket.department_id.in_(select(Department.id).where(Department.key == wish.department)))
    if wish.category:
        conditions.append(Ticket.category_id.in_(select(Category.id).where(Category.key == wish.category)))
    if wish.status:
        conditions.append(Ticket.status == wish.status)
    if wish.words:
        conditions.append(_says(wish.words))
    return conditions


def _says(words: str) -> ColumnElement[bool]:
    """The ticket's number, or words in its texts. SQLite folds ASCII only, so "öl" also looks for "Öl"."""
    number = words.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return Ticket.id == int(number)
    spellings = {words, words.lower(), words.capitalize()}
    texts = select(TicketText.ticket_id).where(
        TicketText.kind != "note",
        or_(*(TicketText.body.icontains(spelling, autoescape=True) for spelling in spellings)),
    )
    address = or_(*(Ticket.address.icontains(spelling, autoescape=True) for spelling in spellings))
    return or_(Ticket.id.in_(texts), address)


def _order(sort: Sort) -> Sequence[Any]:
    newest = (Ticket.reported_at.desc(), Ticket.id.desc())
    return (_rank.desc(), *newest) if sort == "urgent" else newest


def _comes_after(wish: Filter) -> ColumnElement[bool]:
    mark = wish.after
    if mark is None:
        return true()
    at = EPOCH + timedelta(microseconds=mark.micros)
    older = or_(Ticket.reported_at < at, and_(Ticket.reported_at == at, Ticket.id < mark.number))
    return or_(_rank < mark.rank, and_(_rank == mark.rank, older)) if wish.sort == "urgent" else older


def _mark_after(ticket: Ticket) -> Mark:
    micros = (ticket.reported_at - EPOCH) // timedelta(microseconds=1)
    return Mark(URGENCIES.index(ticket.urgency) if ticket.urgency in URGENCIES else 0, micros, ticket.id)


def _photos_of(session: Session, numbers: Sequence[int]) -> dict[int, tuple[str | None, int]]:
    """By ticket: the key of the first photo that can be shown, and how many there are."""
    query = select(Photo.ticket_id, Photo.key, Photo.state).where(Photo.ticket_id.in_(numbers)).order_by(Photo.id)
    found: dict[int, tuple[str | None, int]] = {}
    for number, key, state in session.execute(query):
        first, count = found.get(number, (None, 0))
        found[number] = (first or (key if state == "ready" else None), count + 1)
    return found


def _addresses_of(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    """By ticket: what its reporters typed as the address; staff see it before it is released."""
    typed = (TicketText.ticket_id.in_(numbers), TicketText.kind == "address")
    query = select(TicketText.ticket_id, TicketText.body).where(*typed).order_by(TicketText.id.desc())
    return {row.ticket_id: row.body for row in session.execute(query)}
