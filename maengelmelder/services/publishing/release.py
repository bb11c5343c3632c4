"""Releasing and withholding: each text and each photo for itself, and a held ticket as a whole."""

from datetime import datetime

from sqlalchemy.orm import Session

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.history import Event
from maengelmelder.domain.tickets import UNPUBLISHING_REASONS, decide_version
from maengelmelder.services import history
from maengelmelder.services.handling.move import touch
from maengelmelder.store.models import Photo, Ticket, TicketText

DECISIONS = ("release", "withhold")


def decide_text(
    session: Session, ticket: Ticket, text_id: int, decision: str, *, version: int, actor: str, now: datetime
) -> None:
    """Release or withhold one text; raises Refusal `version_stale`, `text_unknown`, `never_public`."""
    decide_version(version, ticket.version)
    text = next((t for t in ticket.texts if t.id == text_id and t.kind != "note"), None)
    if text is None:
        raise Refusal("text_unknown")
    _apply(text, decision, now)
    event = Event.TEXT_RELEASED if decision == "release" else Event.TEXT_WITHHELD
    history.record(session, ticket, event, actor=actor, now=now, text_id=text.id)
    touch(ticket, now)


def decide_photo(
    session: Session, ticket: Ticket, photo_id: int, decision: str, *, version: int, actor: str, now: datetime
) -> None:
    """Release or withhold one photo; raises Refusal `version_stale`, `photo_unknown`, `never_public`."""
    decide_version(version, ticket.version)
    photo = next((p for p in ticket.photos if p.id == photo_id), None)
    if photo is None or (decision == "release" and photo.state != "ready"):
        raise Refusal("photo_unknown")
    _apply(photo, decision, now)
    event = Event.PHOTO_RELEASED if decision == "release" else Event.PHOTO_WITHHELD
    history.record(session, ticket, event, actor=actor, now=now, photo=photo.id)
    touch(ticket, now)


def _apply(thing: TicketText | Photo, decision: str, now: datetime) -> None:
    if decision not in DECISIONS:
        raise Refusal("decision_unknown")
    if decision == "release" and not thing.releasable:
        raise Refusal("never_public")
    thing.released_at = now if decision == "release" else None
    thing.withheld_at = now if decision == "withhold" else None


def release_held(session: Session, ticket: Ticket, *, version: int, actor: str, now: datetime) -> None:
    """Put a held ticket on the map after a clerk looked; raises Refusal `version_stale`, `not_held`, `never_public`."""
    decide_version(version, ticket.version)
    if not ticket.held:
        raise Refusal("not_held")
    if ticket.decline_reason in UNPUBLISHING_REASONS:
        raise Refusal("never_public")
    ticket.held = False
    ticket.published_at = now
    history.record(session, ticket, Event.TICKET_RELEASED, actor=actor, now=now)
    touch(ticket, now)
