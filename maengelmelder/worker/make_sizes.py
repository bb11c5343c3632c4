"""Turning originals into what may be shown."""

import structlog

from maengelmelder.database import db
from maengelmelder.domain.photos import stored_name
from maengelmelder.house import house
from maengelmelder.ports import PhotoUnreadable, PhotoWorkerFailed
from maengelmelder.services.reporting.prepare_photo import (
    claim_photos,
    mark_failed,
    mark_ready,
)
from maengelmelder.store.models import Photo

log = structlog.get_logger()


def make_due_sizes() -> int:
    """Make the sizes of photos that wait; how many were dealt with."""
    ids = claim_photos(db.session(), house().now())
    db.session.commit()
    for photo_id in ids:
        _make_sizes(db.session.get_one(Photo, photo_id))
    return len(ids)


def _make_sizes(photo: Photo) -> None:
    """Decode in the child, keep both sizes durably, say so, and only then erase the original."""
    here, key, attempt = house(), photo.key, photo.attempts
    db.session.rollback()  # decoding takes a second; nobody shall wait for our read
    try:
        sizes = here.decoder.make_sizes(here.photos.get(stored_name(key, "original")))
    except (PhotoUnreadable, PhotoWorkerFailed, KeyError) as error:
        log.warning("photo_failed", reason=type(error).__name__)
        _fail(photo, attempt, final=isinstance(error, PhotoUnreadable))  # a missing file may be a missing mount
        return
    here.photos.put(stored_name(key, "large"), sizes.large)
    here.photos.put(stored_name(key, "small"), sizes.small)
    if not _is_still_ours(photo, attempt):
        return
    mark_ready(photo, sizes.width, sizes.height)
    db.session.commit()
    here.photos.delete(stored_name(key, "original"))


def _is_still_ours(photo: Photo, attempt: int) -> bool:
    """Whether nobody took over after the lease ended; the row is locked until the commit."""
    db.session.refresh(photo, with_for_update=True)
    ours = photo.state == "waiting" and photo.attempts == attempt
    if not ours:
        db.session.rollback()
    return ours


def _fail(photo: Photo, attempt: int, *, final: bool) -> None:
    here = house()
    if not _is_still_ours(photo, attempt):
        return
    mark_failed(photo, here.now(), final=final)
    gone = photo.state == "failed"
    key = photo.key
    db.session.commit()
    if gone:
        here.photos.delete(stored_name(key, "original"))
