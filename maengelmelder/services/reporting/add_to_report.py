"""Adding words and photos to a report that was sent before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from maengelmelder.domain.additions import decide_addition
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.history import Event
from maengelmelder.domain.reports import Publish, is_published, may_show_photos, shows_at_once
from maengelmelder.services import history
from maengelmelder.services.delivering.enqueue import tell_of_addition
from maengelmelder.services.handling.move import touch
from maengelmelder.services.reporting.own_past import lock_ticket_of, read_past
from maengelmelder.store.models import Photo, Report, Ticket, TicketText


@dataclass(frozen=True)
class Addition:
    """What somebody adds. photos: keys of originals in the store. once: the form's mark; the same one counts once."""

    words: str
    photos: Sequence[str]
    once: str


@dataclass(frozen=True)
class Publicity:
    """Whether words and photos of a ticket may ever be public, and whether they are so without a clerk."""

    words: bool
    photos: bool
    at_once: bool


def add_to_report(
    session: Session, catalogue: Catalogue, report: Report, addition: Addition, *, publish: Publish, now: datetime
) -> bool:
    """Keep what was added and tell the department; False when this very form was taken before.

    Raises Refusals (`decide_addition`).
    """
    ticket = lock_ticket_of(session, report)
    past = read_past(session, report)
    if addition.once in past.tokens:
        return False
    most = catalogue.categories[ticket.category.key].photo.max
    decide_addition(past, now, words=addition.words, photos=len(addition.photos), most=most)
    publicity = publicity_of(catalogue, ticket, publish)
    text = write_own_words(session, report, "addition", addition.words, publicity, now)
    photos = [_add_photo(session, report, key, publicity, now) for key in addition.photos]
    session.flush()
    record_addition(session, report, Event.ADDED, text, addition.once, now, photos=[photo.id for photo in photos])
    return True


def publicity_of(catalogue: Catalogue, ticket: Ticket, publish: Publish) -> Publicity:
    """What may become of later words and photos: never more than of those that the ticket came with."""
    category = catalogue.categories[ticket.category.key]
    given = [report.answers for report in ticket.reports]
    at_once = not ticket.held and all(shows_at_once(publish, category, answers) for answers in given)
    return Publicity(
        words=all(is_published(category, answers) for answers in given),
        photos=all(may_show_photos(category, answers) for answers in given),
        at_once=at_once,
    )


def write_own_words(
    session: Session, report: Report, kind: str, words: str, publicity: Publicity, now: datetime
) -> TicketText | None:
    """Keep words that the reporter sent later; None if there are none."""
    if not words.strip():
        return None
    return history.write_text(
        session,
        report.ticket,
        kind,
        words.strip(),
        now=now,
        report_id=report.id,
        releasable=publicity.words,
        released=publicity.at_once,
    )


def record_addition(
    session: Session, report: Report, event: Event, text: TicketText | None, once: str, now: datetime, **data: object
) -> None:
    """Note in the history what came later, and tell the department once."""
    said = history.record(
        session,
        report.ticket,
        event,
        actor=history.REPORTER,
        now=now,
        text=text,
        report=report.id,
        once=once,
        **{name: value for name, value in data.items() if value},
    )
    tell_of_addition(session, said, report.ticket.department, now)
    touch(report.ticket, now)


def _add_photo(session: Session, report: Report, key: str, publicity: Publicity, now: datetime) -> Photo:
    photo = Photo(
        key=key,
        ticket_id=report.ticket_id,
        report_id=report.id,
        created_at=now,
        due_at=now,
        releasable=publicity.photos,
        released_at=now if publicity.photos and publicity.at_once else None,
    )
    session.add(photo)
    return photo
