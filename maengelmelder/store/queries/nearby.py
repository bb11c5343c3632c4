"""Public tickets around a place: what may be the same matter as a new report."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from maengelmelder.domain.duplicates import REACH_M, RESOLVED_FOR, Candidate
from maengelmelder.domain.places import METRES_PER_DEGREE, Bounds, Place
from maengelmelder.domain.tickets import Status
from maengelmelder.store.models import Category, Department, Photo, Report, Ticket, TicketText
from maengelmelder.store.queries.public import is_released, is_within
from maengelmelder.store.queries.tickets import is_public
from maengelmelder.store.types import SRID, to_place

MOST_CANDIDATES = 50


@dataclass(frozen=True)
class Nearby:
    """A candidate with what its card shows.

    photo: key of the first released photo. photo_waits: there is one that is still to be looked at.
    receiver: key of the outside department that has it now. affected: how many people stand by it.
    """

    candidate: Candidate
    photo: str | None
    photo_waits: bool
    receiver: str
    affected: int


def find_nearby(session: Session, place: Place, categories: Sequence[str], now: datetime) -> list[Nearby]:
    """The nearest public tickets of these categories that somebody could still join, 50 at most; one query."""
    near = _nearest(session, place, categories, now)
    query = (
        select(
            Ticket.id,
            Category.key,
            Ticket.position,
            Ticket.status,
            Ticket.reported_at,
            Ticket.closed_at,
            _first_accuracy(),
            _first_words(),
            _first_photo(),
            _has_waiting_photo(),
            Department.key,
            Ticket.affected,
        )
        .join(near, near.c.id == Ticket.id)
        .join(Category, Category.id == Ticket.category_id)
        .outerjoin(Department, Department.id == Ticket.forwarded_to_id)
    )
    return [_nearby(*row) for row in session.execute(query)]


def _nearby(number: int, category: str, position: Any, status: str, *rest: Any) -> Nearby:
    reported_at, closed_at, accuracy, words, photo, waits, receiver, people = rest
    place = to_place(position)
    assert place is not None  # noqa: S101 - the index holds no ticket without one
    candidate = Candidate(number, category, place, Status(status), reported_at, closed_at, accuracy, words or "")
    return Nearby(candidate, photo, bool(waits), receiver or "", people)


def _nearest(session: Session, place: Place, categories: Sequence[str], now: datetime) -> CTE:
    # "+ 0": no index by category, or SQLite reads all tickets of a category instead of those in the box
    is_of_kind = (Ticket.category_id + 0).in_(select(Category.id).where(Category.key.in_(categories)))
    query = select(Ticket.id).where(is_within(session, _around(place)), is_public(), is_of_kind, _is_there(now))
    return query.order_by(_distance(session, place), Ticket.id).limit(MOST_CANDIDATES).cte("near")


def _is_there(now: datetime) -> ColumnElement[bool]:
    """As `may_be_joined` says, so that what has ended does not crowd out what has not."""
    mended_lately = and_(Ticket.status == Status.RESOLVED, Ticket.closed_at >= now - RESOLVED_FOR)
    return or_(Ticket.status.not_in((Status.RESOLVED, Status.DECLINED)), mended_lately)


def _around(place: Place) -> Bounds:
    up = REACH_M / METRES_PER_DEGREE
    aside = up / max(math.cos(math.radians(place.lat)), 0.01)
    return Bounds(place.lon - aside, place.lat - up, place.lon + aside, place.lat + up)


def _distance(session: Session, place: Place) -> ColumnElement[Any]:
    """For an order only, in degrees; the domain measures metres."""
    if session.get_bind().dialect.name == "sqlite":
        east, north = func.ST_X(Ticket.position) - place.lon, func.ST_Y(Ticket.position) - place.lat
        return east * east * math.cos(math.radians(place.lat)) ** 2 + north * north
    return Ticket.position.op("<->")(func.ST_SetSRID(func.ST_MakePoint(place.lon, place.lat), SRID))


def _first_accuracy() -> Any:
    return select(Report.accuracy_m).where(Report.ticket_id == Ticket.id).order_by(Report.id).limit(1).scalar_subquery()


def _first_words() -> Any:
    said = TicketText.ticket_id == Ticket.id, TicketText.kind == "description", *is_released(TicketText)
    return select(TicketText.body).where(*said).order_by(TicketText.id).limit(1).scalar_subquery()


def _first_photo() -> Any:
    shown = Photo.ticket_id == Ticket.id, Photo.state == "ready", *is_released(Photo)
    return select(Photo.key).where(*shown).order_by(Photo.id).limit(1).scalar_subquery()


def _has_waiting_photo() -> ColumnElement[bool]:
    waiting = Photo.ticket_id == Ticket.id, Photo.releasable, Photo.released_at.is_(None), Photo.withheld_at.is_(None)
    return select(Photo.id).where(*waiting, Photo.state != "failed").exists()
