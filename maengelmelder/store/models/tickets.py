"""Reports, tickets, their words, photos and history."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from geoalchemy2 import Geometry, WKBElement, WKTElement
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from maengelmelder.domain.places import Place
from maengelmelder.domain.tickets import CLOSED, GROUPS, Group, Status
from maengelmelder.store.models.base import Base
from maengelmelder.store.models.city import Category, Department
from maengelmelder.store.types import SRID, JsonOrNull, to_place, to_point

ticket_copies = Table(
    "ticket_copies",
    Base.metadata,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("department_id", ForeignKey("departments.id"), primary_key=True, index=True),
)


class Ticket(Base):
    """A Vorgang: the matter that the city handles. Its `id` is the number that people read aloud.

    `held`: too many came from one network, so a clerk looks before anything of it is public.
    `affected`: how many people stand by it: who reported or joined it, and has not withdrawn.
    `shown_…`: as what the map counts it (place code of the finest grid, category, code of the status group); NULL
    where it is not on the map. `store/cells.py` keeps them together with the cells.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_inbox", "department_id", "reported_at", "id"),
        Index("ix_tickets_newest", "reported_at", "id"),
        Index("ix_tickets_shown", "shown_q", "shown_group", "shown_category_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    status: Mapped[str] = mapped_column(String(20), default=Status.RECEIVED)
    urgency: Mapped[str] = mapped_column(String(10))
    because: Mapped[dict[str, Any]]
    position: Mapped[WKBElement | WKTElement | None] = mapped_column(Geometry("POINT", srid=SRID))
    address: Mapped[str] = mapped_column(String(300), default="")
    reported_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    held: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    decline_reason: Mapped[str] = mapped_column(String(40), default="")
    forwarded_to_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    shown_q: Mapped[int | None] = mapped_column(BigInteger)
    shown_category_id: Mapped[int | None]
    shown_group: Mapped[int | None] = mapped_column(SmallInteger)

    if TYPE_CHECKING:  # counted by the database, below the reports
        affected: Mapped[int]
    category: Mapped[Category] = relationship(lazy="joined")
    department: Mapped[Department] = relationship(foreign_keys=[department_id], lazy="joined")
    forwarded_to: Mapped[Department | None] = relationship(foreign_keys=[forwarded_to_id])
    copies: Mapped[list[Department]] = relationship(secondary=ticket_copies)
    reports: Mapped[list["Report"]] = relationship(back_populates="ticket", order_by="Report.id")
    texts: Mapped[list["TicketText"]] = relationship(back_populates="ticket", order_by="TicketText.id")
    photos: Mapped[list["Photo"]] = relationship(back_populates="ticket", order_by="Photo.id")
    events: Mapped[list["TicketEvent"]] = relationship(back_populates="ticket", order_by="TicketEvent.position")

    @property
    def place(self) -> Place | None:
        """Where it is; None for a ticket that has only a typed address so far."""
        return to_place(self.position)

    @place.setter
    def place(self, place: Place | None) -> None:
        self.position = to_point(place)

    @property
    def state(self) -> Status:
        """How far the work is."""
        return Status(self.status)

    @property
    def group(self) -> Group:
        """The status group that maps and lists show."""
        return GROUPS[self.state]

    @property
    def is_closed(self) -> bool:
        """Whether the city's work on it has ended, for now."""
        return self.state in CLOSED


class Report(Base):
    """A Meldung: what one person sent. Contact data stands here and nowhere else.

    suggested: keys of the categories that its text spoke of, the best first; NULL where nothing was asked (no text,
    or brought in from elsewhere). What was chosen in the end is the ticket's category.
    withdrawn_at: when the person took it back; the ticket goes on where others stand by it.
    """

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("source", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    submission: Mapped[str] = mapped_column(String(36), unique=True)
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20), default="de")
    name: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    email_confirmed_at: Mapped[datetime | None]
    emergency: Mapped[str] = mapped_column(String(20), default="")
    accuracy_m: Mapped[float | None]
    answers: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    source: Mapped[str | None] = mapped_column(String(60))
    source_id: Mapped[str | None] = mapped_column(String(100))
    suggested: Mapped[list[str] | None] = mapped_column(JsonOrNull)
    withdrawn_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship(back_populates="reports")


Ticket.affected = column_property(
    select(func.count(Report.id))
    .where(Report.ticket_id == Ticket.id, Report.withdrawn_at.is_(None))
    .correlate_except(Report)
    .scalar_subquery(),
    deferred=True,
)


class TicketText(Base):
    """Words about a ticket, erasable, each public only after its own release.

    kind: description, address (typed), answer (`key` is the question's), reply (the city's public words),
    note (internal).
    """

    __tablename__ = "ticket_texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(60), default="")
    body: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    withheld_at: Mapped[datetime | None]
    releasable: Mapped[bool] = mapped_column(default=True)

    ticket: Mapped[Ticket] = relationship(back_populates="texts")


class Photo(Base):
    """A photo: `waiting` until the worker has made its sizes, then `ready`, or `failed` for good."""

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(43), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    withheld_at: Mapped[datetime | None]
    releasable: Mapped[bool] = mapped_column(default=True)

    ticket: Mapped[Ticket] = relationship(back_populates="photos")


class TicketEvent(Base):
    """One sealed entry of a ticket's history: codes, ids and times, never a word; nothing here is ever changed."""

    __tablename__ = "ticket_events"
    __table_args__ = (UniqueConstraint("ticket_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    position: Mapped[int]
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]]
    text_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_texts.id"), index=True)
    words: Mapped[str] = mapped_column(String(64), default="")
    seal: Mapped[str] = mapped_column(String(64))

    ticket: Mapped[Ticket] = relationship(back_populates="events")
    text: Mapped[TicketText | None] = relationship()
