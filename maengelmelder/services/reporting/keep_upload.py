"""Keeping the good photos of a form that was not accepted, so that nobody has to choose them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.store.models import Upload


@dataclass(frozen=True)
class StoredPhoto:
    """A photo whose original lies in the store under `key`; `name` is the sender's file name, cleaned."""

    key: str
    name: str
    width: int
    height: int


def keep_uploads(
    session: Session, photos: Sequence[StoredPhoto], submission: str, secret_hash: str, now: datetime
) -> None:
    """Keep photos for the form that brought them; the worker erases them after a day."""
    session.add_all(
        Upload(
            key=photo.key,
            submission=submission,
            secret_hash=secret_hash,
            name=photo.name,
            width=photo.width,
            height=photo.height,
            created_at=now,
        )
        for photo in photos
    )
    session.flush()


def find_uploads(session: Session, submission: str, secret_hash: str | None) -> list[Upload]:
    """The photos kept for this form; nobody without its secret finds them."""
    query = select(Upload).where(Upload.submission == submission, Upload.secret_hash == (secret_hash or ""))
    return list(session.scalars(query.order_by(Upload.id)))


def forget_uploads(session: Session, uploads: Sequence[Upload]) -> None:
    """Drop the rows after the report took its photos over, or did without them."""
    for upload in uploads:
        session.delete(upload)
    session.flush()
