"""Turning originals into what may be shown."""

import structlog
from sqlalchemy import select

from maengelmelder.database import db
from maengelmelder.domain.photos import stored_name
from maengelmelder.house import house
from maengelmelder.ports import PhotoUnreadable, PhotoWorkerFailed
from maengelmelder.services.forgetting.erase_files import erase_files, names_of
from maengelmelder.services.reporting.prepare_photo import claim_photos, mark_failed, mark_ready
from maengelmelder.store.models import Photo

log = structlog.get_logger()


def make_due_sizes() -> int:
    """Make the sizes of photos that wait; how many were dealt with."""
    ids = claim_photos(db.session(), house().now())
    db.session.commit()
    for photo_id in ids:
        _make_sizes(photo_id)
    return len(ids)


def _make_sizes(photo_id: int) -> None:
    """Decode in the child, keep both sizes durably, say so, and only then erase the original."""
    here, photo = house(), db.session.get(Photo, photo_id)
    key, attempt = (photo.key, photo.attempts) if photo else ("", 0)
    db.session.rollback()  # decoding takes a second; nobody shall wait for our read
    if not key:  # its reporter had it erased
        return
    try:
        sizes = here.decoder.make_sizes(here.photos.get(stored_name(key, "original")))
    except (PhotoUnreadable, PhotoWorkerFailed, KeyError) as error:
        log.warning("photo_failed", reason=type(error).__name__)
        _fail(photo_id, attempt, final=isinstance(error, PhotoUnreadable))  # a missing file may be a missing mount
        return
    here.photos.put(stored_name(key, "large"), sizes.large)
    here.photos.put(stored_name(key, "small"), sizes.small)
    ours = _find_ours(photo_id, attempt)
    if ours is not None:
        mark_ready(ours, sizes.width, sizes.height)
        db.session.commit()
        here.photos.delete(stored_name(key, "original"))
    elif not _exists(photo_id):  # erased while we were at it: then what we made of it goes too
        erase_files(here.photos, names_of([key]))


def _find_ours(photo_id: int, attempt: int) -> Photo | None:
    """The photo, its row locked until the commit; None if it was erased or somebody took over after the lease ended."""
    query = select(Photo).where(Photo.id == photo_id, Photo.state == "waiting", Photo.attempts == attempt)
    ours = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if ours is None:
        db.session.rollback()
    return ours


def _exists(photo_id: int) -> bool:
    found = db.session.scalar(select(Photo.id).where(Photo.id == photo_id))
    db.session.rollback()
    return found is not None


def _fail(photo_id: int, attempt: int, *, final: bool) -> None:
    here = house()
    ours = _find_ours(photo_id, attempt)
    if ours is None:
        return
    mark_failed(ours, here.now(), final=final)
    gone, key = ours.state == "failed", ours.key
    db.session.commit()
    if gone:
        here.photos.delete(stored_name(key, "original"))
