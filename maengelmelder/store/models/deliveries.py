"""The outbox: what has to be told, written in the same transaction as what happened."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from maengelmelder.store.models.base import Base
from maengelmelder.store.models.city import Department
from maengelmelder.store.models.tickets import Report, Ticket, TicketEvent


class Delivery(Base):
    """One message to one receiver; points to a department or a report and holds no address.

    kind: department (a ticket came in), copy (for reading), addition (the reporter added or answered), erasure (the
    reporter had everything erased), confirm (double opt-in), notice (status for a reporter).
    state: due, sent, dead (given up; the desk must look). Whether a mail went out is never a ticket's status.
    """

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_events.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"))
    state: Mapped[str] = mapped_column(String(10), default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")

    ticket: Mapped[Ticket] = relationship()
    event: Mapped[TicketEvent | None] = relationship()
    department: Mapped[Department | None] = relationship()
    report: Mapped[Report | None] = relationship()
