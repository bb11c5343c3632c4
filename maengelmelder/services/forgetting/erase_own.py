"""Erasing what one person sent, because the person asks for it (DSGVO Art. 17): words, photos, name and address.

The place, the category, chosen answers and the status stay: the city's work goes on without the person. What the
history sealed stays too; it holds no words.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from maengelmelder.domain.history import Event
from maengelmelder.domain.photos import stored_name
from maengelmelder.services import history
from maengelmelder.services.delivering.enqueue import tell_of_erasure
from maengelmelder.services.forgetting.erase_files import names_of
from maengelmelder.services.handling.move import touch
from maengelmelder.services.reporting.own_past import lock_ticket_of, read_past
from maengelmelder.store.models import (
    Base,
    Delivery,
    Department,
    Photo,
    Report,
    TicketEvent,
    TicketText,
    Upload,
    UploadPart,
)


def erase_own(session: Session, report: Report, now: datetime) -> list[str]:
    """Erase it, once; the names of the files that the caller erases after the commit.

    Departments that got the words or photos by mail are asked to erase them too (Art. 19).
    """
    ticket = lock_ticket_of(session, report)
    if read_past(session, report).is_erased:
        return []
    names = [*_erase_photos(session, report), *_erase_uploads(session, report)]
    _erase_words(session, report)
    _cancel_deliveries(session, report)
    report.name, report.email, report.email_confirmed_at, report.accuracy_m = "", "", None, None
    event = history.record(session, ticket, Event.ERASED, actor=history.REPORTER, now=now, report=report.id)
    tell_of_erasure(session, event, _departments_told(session, report), now)
    touch(ticket, now)
    session.flush()
    session.expire_all()
    return names


def _erase_photos(session: Session, report: Report) -> list[str]:
    return names_of(session.scalars(delete(Photo).where(Photo.report_id == report.id).returning(Photo.key)))


def _erase_uploads(session: Session, report: Report) -> list[str]:
    """Photos that wait for a form of this reporter to be sent again, whole or in pieces."""
    secret = report.secret_hash or ""
    whole = session.scalars(delete(Upload).where(Upload.secret_hash == secret).returning(Upload.key)).all()
    pieces = session.scalars(delete(UploadPart).where(UploadPart.secret_hash == secret).returning(UploadPart.key)).all()
    return [*(stored_name(key, "original") for key in whole), *(stored_name(key, "piece") for key in pieces)]


def _erase_words(session: Session, report: Report) -> None:
    """The words and their salt; what the seals cover stays, and says nothing without them."""
    own = select(TicketText.id).where(TicketText.report_id == report.id)
    pointing = update(TicketEvent).where(TicketEvent.text_id.in_(own)).values(text_id=None)
    session.execute(pointing.execution_options(synchronize_session=False))
    _delete(session, TicketText, TicketText.report_id == report.id)


def _cancel_deliveries(session: Session, report: Report) -> None:
    """What did not leave yet: to the person, and to the department about words that are gone."""
    events = session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == report.ticket_id))
    own = [event.id for event in events if event.data.get("report") == report.id]
    about_own = (Delivery.kind == "addition") & Delivery.event_id.in_(own)
    _delete(session, Delivery, (Delivery.state == "due") & ((Delivery.report_id == report.id) | about_own))


def _departments_told(session: Session, report: Report) -> Sequence[Department]:
    told = select(Delivery.department_id).where(
        Delivery.ticket_id == report.ticket_id,
        Delivery.state == "sent",
        Delivery.kind.in_(("department", "copy", "addition")),
        Delivery.created_at >= report.created_at,
    )
    return session.scalars(select(Department).where(Department.id.in_(told)).order_by(Department.id)).all()


def _delete(session: Session, model: type[Base], which: ColumnElement[bool]) -> None:
    session.execute(delete(model).where(which).execution_options(synchronize_session=False))
