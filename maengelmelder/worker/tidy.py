"""Erasing what is not needed any more: photos of forms that were never accepted, contact data after its time."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from maengelmelder.database import db
from maengelmelder.domain.uploads import KEPT
from maengelmelder.house import house
from maengelmelder.services.forgetting.erase_contacts import erase_contacts
from maengelmelder.services.reporting.keep_upload import forget_old_uploads
from maengelmelder.store.models import Photo, Upload, UploadPart


def tidy_up() -> int:
    """Erase uploads older than a day, files that nobody needs, and contact data whose time is over; how many."""
    return _erase_old_uploads() + _erase_left_over() + _erase_contacts()


def _erase_contacts() -> int:
    erased = erase_contacts(db.session(), house().now())
    db.session.commit()
    return erased.unconfirmed + erased.closed


def _erase_old_uploads() -> int:
    here = house()
    needless = forget_old_uploads(db.session(), here.now())
    db.session.commit()
    for name in needless:
        here.photos.delete(name)
    return len(needless)


def _erase_left_over() -> int:
    here = house()
    states = dict(db.session.execute(select(Photo.key, Photo.state)).all())
    waiting = {*db.session.scalars(select(Upload.key)), *db.session.scalars(select(UploadPart.key))}
    db.session.rollback()
    left = [
        name for name, at in here.photos.names() if _is_left_over(name, states, waiting, old=here.now() - at > KEPT)
    ]
    for name in left:
        here.photos.delete(name)
    return len(left)


def _is_left_over(name: str, states: Mapping[str, str], waiting: Collection[str], *, old: bool) -> bool:
    """Whether a file serves nobody any more.

    A request that died between file and commit leaves a file without a row: a day later nobody can still want it. A
    worker that died between commit and erasing leaves the original of a finished photo, with all that its camera noted.
    """
    key, size = name.split(".")
    if key not in states:
        return old and key not in waiting
    return states[key] == "failed" or (size == "original" and states[key] == "ready")
