"""Keeping photos whose report has not been accepted yet, so that nobody has to choose them again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, false, func, select, true
from sqlalchemy.orm import Session

from maengelmelder.domain.photos import stored_name
from maengelmelder.domain.uploads import KEPT, PIECE_COSTS_BYTES
from maengelmelder.store.locking import lock_submission
from maengelmelder.store.models import Upload, UploadPart


@dataclass(frozen=True)
class StoredPhoto:
    """A photo whose original of `size` bytes lies in the store under `key`; `name` is the sender's, cleaned."""

    key: str
    name: str
    width: int
    height: int
    size: int


def keep_uploads(
    session: Session, photos: Sequence[StoredPhoto], submission: str, secret_hash: str, now: datetime
) -> None:
    """Keep photos for the form that brought them; the worker erases them after a day."""
    session.add_all(
        Upload(**vars(photo), submission=submission, secret_hash=secret_hash, created_at=now) for photo in photos
    )
    session.flush()


def find_uploads(session: Session, submission: str, secret_hash: str | None) -> list[Upload]:
    """The photos kept for this form; nobody without its secret finds them."""
    query = select(Upload).where(Upload.submission == submission, Upload.secret_hash == (secret_hash or ""))
    return list(session.scalars(query.order_by(Upload.id)))


def forget_uploads(
    session: Session, submission: str, secret_hash: str, *, position: int | None = None, taken: Collection[str] = ()
) -> list[str]:
    """Drop what waits for a form, or only its photo at `position`; names in the store that nobody needs then.

    taken: keys of photos that a report has taken over.
    """

    def ours(model: type[Upload] | type[UploadPart]) -> ColumnElement[bool]:
        here = true() if position is None else model.position == position
        return and_(model.submission == submission, model.secret_hash == secret_hash, here)

    lock_submission(session, submission)
    return _forget(session, ours(Upload), ours(UploadPart), taken)


def forget_pieces(session: Session, submission: str, secret_hash: str, position: int) -> list[str]:
    """Drop the pieces of a photo, not a whole one in its place; names in the store that nobody needs then."""
    here = UploadPart.position == position
    ours = and_(UploadPart.submission == submission, UploadPart.secret_hash == secret_hash, here)
    return _forget(session, false(), ours)


def forget_old_uploads(session: Session, now: datetime) -> list[str]:
    """Drop what has waited for a day; names in the store that nobody needs then."""
    return _forget(session, Upload.created_at < now - KEPT, UploadPart.begun_at < now - KEPT)


def _forget(
    session: Session, photos: ColumnElement[bool], pieces: ColumnElement[bool], taken: Collection[str] = ()
) -> list[str]:
    originals = session.scalars(delete(Upload).where(photos).returning(Upload.key)).all()
    parts = session.scalars(delete(UploadPart).where(pieces).returning(UploadPart.key)).all()
    return [
        *(stored_name(key, "original") for key in originals if key not in taken),
        *(stored_name(key, "piece") for key in parts),
    ]


def waiting_bytes(session: Session) -> int:
    """How much room all photos take whose reports have not been sent."""
    pieces = select(func.coalesce(func.sum(UploadPart.length + PIECE_COSTS_BYTES), 0)).scalar_subquery()
    photos = select(func.coalesce(func.sum(Upload.size), 0)).scalar_subquery()
    return int(session.scalar(select(pieces + photos)) or 0)
