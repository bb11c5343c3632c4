"""Noting the pieces of a photo as they come in, and the photo when the last one has come.

Bytes go to the photo store before a transaction begins; what happened meanwhile is looked at again within it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from maengelmelder.domain.uploads import check_pieces
from maengelmelder.services.reporting.keep_upload import StoredPhoto, forget_pieces, forget_uploads
from maengelmelder.services.reporting.submit import SubmissionTaken, find_earlier
from maengelmelder.store.locking import lock_submission
from maengelmelder.store.models import Photo, Report, Upload, UploadPart


class Raced(Exception):
    """Another connection was quicker: look again."""


@dataclass(frozen=True)
class Slot:
    """One of the photos of a form; `position` counts from 0."""

    submission: str
    secret_hash: str
    position: int


@dataclass(frozen=True)
class Piece:
    """Bytes of a photo, in the store under `key`."""

    key: str
    start: int
    length: int

    @property
    def end(self) -> int:
        """The first byte after it."""
        return self.start + self.length


@dataclass(frozen=True)
class Progress:
    """What there is of a photo: `pieces` of one of `size` bytes, or the whole, `whole_size` bytes under `key`.

    Both while another photo is about to take the place of a whole one. is_reported: its report has been taken, and
    `key` is that of the report's photo.
    """

    pieces: tuple[Piece, ...] = ()
    size: int = 0
    begun_at: datetime | None = None
    key: str | None = None
    whole_size: int = 0
    is_reported: bool = False

    def is_whole(self, size: int) -> bool:
        """Whether every byte of a photo of this size is here."""
        return self.key is not None and self.whole_size == size and not self.has_begun(size)

    def has_begun(self, size: int) -> bool:
        """Whether a photo of this size is on its way."""
        return bool(self.pieces) and self.size == size

    def have(self, size: int) -> int:
        """How many bytes of a photo of this size are here, from its first on."""
        if self.has_begun(size):
            return self.pieces[-1].end
        return size if self.is_whole(size) else 0


def find_progress(session: Session, slot: Slot, *, lock: bool = False) -> Progress:
    """How far the photo is. Raises SubmissionTaken when this submission came with another secret before."""
    parts = session.execute(_parts_of(slot, lock=lock)).all()
    upload = session.execute(_upload_of(slot, lock=lock)).first()
    report = find_earlier(session, slot.submission, slot.secret_hash)  # last: it may have taken them just now
    if report is not None:
        return Progress(key=_find_photo(session, report, slot.position), is_reported=True)
    _demand_same_secret(session, slot)
    return Progress(
        pieces=tuple(Piece(part.key, part.start, part.length) for part in parts),
        size=parts[0].size if parts else 0,
        begun_at=parts[0].begun_at if parts else None,
        key=upload.key if upload else None,
        whole_size=upload.size if upload else 0,
    )


def note_piece(
    session: Session, slot: Slot, seen: Progress, piece: Piece, size: int, now: datetime, *, anew: bool
) -> list[str]:
    """Note a piece that lies in the store, of a photo of `size` bytes; names in the store that nobody needs any more.

    anew: another photo begins. Raises Raced when not all is as it was `seen`, Refusal `upload_in_crumbs`.
    """
    goes_on = seen.has_begun(size) and not anew
    check_pieces(len(seen.pieces) + 1 if goes_on else 1)
    _demand_unchanged(session, slot, seen)
    needless = [] if goes_on else forget_pieces(session, **vars(slot))
    begun_at = seen.begun_at if goes_on and seen.begun_at else now
    session.add(UploadPart(**vars(slot), **vars(piece), size=size, begun_at=begun_at))
    session.flush()
    return needless


def note_photo(session: Session, slot: Slot, seen: Progress, photo: StoredPhoto, now: datetime) -> list[str]:
    """Note a whole photo that lies in the store, in place of what was; names in the store that nobody needs any more.

    Raises Raced when not all is as it was `seen`.
    """
    _demand_unchanged(session, slot, seen)
    needless = forget_uploads(session, **vars(slot))
    begun_at = seen.begun_at if seen.has_begun(photo.size) and seen.begun_at else now
    session.add(Upload(**vars(slot), **vars(photo), created_at=begun_at))
    session.flush()
    return needless


def forget_lost(session: Session, slot: Slot, seen: Progress) -> list[str]:
    """Drop a photo of which the store has lost bytes; names in the store that nobody needs any more. Raises Raced."""
    _demand_unchanged(session, slot, seen)
    return forget_uploads(session, **vars(slot))


def _find_photo(session: Session, report: Report, position: int) -> str | None:
    query = select(Photo.key).where(Photo.report_id == report.id).order_by(Photo.id)
    return session.scalars(query.offset(position).limit(1)).first()


def _demand_same_secret(session: Session, slot: Slot) -> None:
    foreign = (
        exists().where(model.submission == slot.submission, model.secret_hash != slot.secret_hash)
        for model in (Upload, UploadPart)
    )
    if session.scalar(select(or_(*foreign))):
        raise SubmissionTaken(slot.submission)


def _demand_unchanged(session: Session, slot: Slot, seen: Progress) -> None:
    lock_submission(session, slot.submission)
    if find_progress(session, slot, lock=True) != seen:
        raise Raced


def _parts_of(slot: Slot, *, lock: bool) -> Select[str, int, int, int, datetime]:
    """Columns, not objects: a large photo has hundreds of pieces, and each new one looks at all of them."""
    columns = (UploadPart.key, UploadPart.start, UploadPart.length, UploadPart.size, UploadPart.begun_at)
    query = select(*columns).where(*_here(UploadPart, slot)).order_by(UploadPart.start)
    return query.with_for_update() if lock else query


def _upload_of(slot: Slot, *, lock: bool) -> Select[str, int]:
    query = select(Upload.key, Upload.size).where(*_here(Upload, slot))
    return query.with_for_update() if lock else query


def _here(model: type[Upload] | type[UploadPart], slot: Slot) -> list[ColumnElement[bool]]:
    return [
        model.submission == slot.submission,
        model.secret_hash == slot.secret_hash,
        model.position == slot.position,
    ]
