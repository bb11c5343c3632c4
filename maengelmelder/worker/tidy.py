"""Erasing what is not needed any more: photos of forms that were never accepted, contact data after its time."""

from datetime import timedelta

from sqlalchemy import select

from maengelmelder.database import db
from maengelmelder.domain.photos import stored_name
from maengelmelder.house import house
from maengelmelder.services.forgetting.erase_contacts import erase_contacts
from maengelmelder.store.models import Photo, Upload

KEPT = timedelta(hours=24)


def tidy_up() -> int:
    """Erase uploads older than a day, files that no row speaks of, and contact data whose time is over; how many."""
    return _erase_old_uploads() + _erase_orphans() + _erase_contacts()


def _erase_contacts() -> int:
    erased = erase_contacts(db.session(), house().now())
    db.session.commit()
    return erased.unconfirmed + erased.closed


def _erase_old_uploads() -> int:
    here = house()
    old = list(db.session.scalars(select(Upload).where(Upload.created_at < here.now() - KEPT)))
    keys = [upload.key for upload in old]
    for upload in old:
        db.session.delete(upload)
    db.session.commit()
    for key in keys:
        here.photos.delete(stored_name(key, "original"))
    return len(keys)


def _erase_orphans() -> int:
    """A request that died between file and commit leaves a file without a row; a day later nobody can still want it."""
    here = house()
    known = set(db.session.scalars(select(Photo.key))) | set(db.session.scalars(select(Upload.key)))
    db.session.rollback()
    orphans = [name for name, at in here.photos.names() if name.split(".")[0] not in known and here.now() - at > KEPT]
    for name in orphans:
        here.photos.delete(name)
    return len(orphans)
