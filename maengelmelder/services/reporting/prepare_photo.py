"""Making a photo showable: claimed with a lease, its sizes made by the worker, the original erased."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from maengelmelder.services.delivering.claim import claim
from maengelmelder.store.models import Photo

LEASE = timedelta(minutes=2)
PAUSE = timedelta(seconds=30)
MOST_ATTEMPTS = 3


def claim_photos(session: Session, now: datetime, limit: int = 1) -> list[int]:
    """Ids of photos whose sizes are to be made; the caller commits before it decodes."""
    return claim(session, Photo, now, LEASE, limit, Photo.state == "waiting")


def mark_ready(photo: Photo, width: int, height: int) -> None:
    """The sizes lie in the store."""
    photo.state, photo.width, photo.height, photo.lease_until = "ready", width, height, None


def mark_failed(photo: Photo, now: datetime, *, final: bool) -> None:
    """No sizes: another try in a while, or the photo says for good that it cannot be shown."""
    photo.lease_until = None
    if final or photo.attempts >= MOST_ATTEMPTS:
        photo.state, photo.released_at = "failed", None
    else:
        photo.due_at = now + PAUSE
