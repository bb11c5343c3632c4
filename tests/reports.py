"""Reports for tests, taken in by the real service."""

import hashlib
import uuid
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from maengelmelder.domain.photos import stored_name
from maengelmelder.domain.places import Place
from maengelmelder.domain.reports import Draft
from maengelmelder.house import house
from maengelmelder.services.reporting.submit import Incoming, submit
from maengelmelder.store.models import Report, Ticket
from maengelmelder.store.queries.catalogue import get_catalogue

IMAGES = Path(__file__).parent / "data" / "images"
POTHOLE = IMAGES / "bath_pothole.jpg"
ALTSTADT = Place(12.1522, 48.5369)

LAMP = Draft(
    category="laterne",
    place=ALTSTADT,
    description="Die Laterne vor dem Rathaus ist aus.",
    answers={"art": ["aus"]},
)


def secret_hash(secret: str) -> str:
    """What the server keeps of a status link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def take_in(session: Session, now: datetime, *, photos: tuple[Path, ...] = (), **changes: Any) -> Ticket:
    """A ticket from a report about a street lamp, or with what the test says instead; committed.

    `changes` go to the Draft where it has such a field, else to the Incoming.
    """
    draft_changes = {name: value for name, value in changes.items() if name in Draft.__dataclass_fields__}
    incoming_changes = {name: value for name, value in changes.items() if name not in draft_changes}
    keys = tuple(keep_original(path) for path in photos)
    incoming = Incoming(
        draft=replace(LAMP, photos=len(keys), **draft_changes),
        submission=str(uuid.uuid4()),
        secret_hash=secret_hash(uuid.uuid4().hex),
        photos=keys,
    )
    report: Report = submit(session, get_catalogue(session), replace(incoming, **incoming_changes), now).report
    session.commit()
    return report.ticket


def keep_original(path: Path) -> str:
    """Put a photo into the store as the report form does; its key."""
    key = uuid.uuid4().hex
    house().photos.put(stored_name(key, "original"), path.read_bytes())
    return key
