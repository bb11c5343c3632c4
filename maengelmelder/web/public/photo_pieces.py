"""Putting the pieces of a photo together: bytes into the store first, a short transaction, then away with the rest."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from maengelmelder.database import db
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.photos import Stored, check_photo, stored_name
from maengelmelder.domain.uploads import OffsetWrong, Taken, decide_piece
from maengelmelder.house import house
from maengelmelder.ports import StoreUnavailable
from maengelmelder.services.reporting.keep_upload import StoredPhoto, forget_pieces, forget_uploads
from maengelmelder.services.reporting.receive_upload import (
    Piece,
    Progress,
    Slot,
    find_progress,
    forget_lost,
    note_photo,
    note_piece,
)
from maengelmelder.store.engine import reading
from maengelmelder.web.public.photo_upload_fields import Asked


def look(slot: Slot) -> Progress:
    """How far the photo is; lets go of the database. Raises SubmissionTaken."""
    with reading():
        try:
            return find_progress(db.session(), slot)
        finally:
            db.session.rollback()


def find_new(asked: Asked, seen: Progress) -> Taken:
    """What of the piece is new. Raises OffsetWrong where it does not belong here, Raced."""
    have, data = seen.have(asked.size), asked.data or b""
    with _lost_bytes_begin_anew(asked.slot, seen):
        held = _held(asked, seen, min(have, asked.start + len(data)))
    return decide_piece(have, asked.start, data, held)


def keep_piece(asked: Asked, seen: Progress, taken: Taken) -> None:
    """Keep a piece in the middle. Raises Raced, Refusal, StoreUnavailable; nothing of it stays then."""
    now = house().now()

    def note(key: str) -> list[str]:
        piece = Piece(key, taken.start, len(taken.data))
        return note_piece(db.session(), asked.slot, seen, piece, asked.size, now, anew=taken.anew)

    try:
        _keep("piece", taken.data, note)
    except Refusal:
        drop_pieces(asked.slot)
        raise


def keep_photo(asked: Asked, seen: Progress, taken: Taken) -> str:
    """Join the last piece with those before it and keep the photo; its key.

    Raises Raced, Refusal, StoreUnavailable; nothing of the piece stays then, of a bad photo nothing at all.
    """
    now = house().now()
    with _lost_bytes_begin_anew(asked.slot, seen):
        data = b"".join([*_bytes_of(seen.pieces if taken.start else ()), taken.data])
    try:
        header = check_photo(data, asked.name)
    except Refusal:
        drop_pieces(asked.slot)
        raise

    def note(key: str) -> list[str]:
        photo = StoredPhoto(key, asked.name, header.width, header.height, len(data))
        return note_photo(db.session(), asked.slot, seen, photo, now)

    return _keep("original", data, note)


def drop_pieces(slot: Slot) -> None:
    """Forget what came of a photo that cannot become one."""
    _change(lambda: forget_pieces(db.session(), **vars(slot)))


def drop_uploads(submission: str, secret_hash: str, position: int | None) -> None:
    """Forget a photo of a form, or all of them."""
    _change(lambda: forget_uploads(db.session(), submission, secret_hash, position=position))


def erase(names: Iterable[str]) -> None:
    """Delete from the store what no row speaks of; what it cannot delete now, the worker erases a day later."""
    with suppress(StoreUnavailable):
        for name in names:
            house().photos.delete(name)


def _keep(kind: Stored, data: bytes, note: Callable[[str], list[str]]) -> str:
    """Bytes first, row second, so that a row never speaks of bytes that are not there.

    If the commit itself fails, nobody knows whether the row is there: then the bytes stay, for the worker to judge.
    """
    key = secrets.token_urlsafe(24)
    house().photos.put(stored_name(key, kind), data)
    try:
        needless = note(key)
    except Exception:
        db.session.rollback()
        erase([stored_name(key, kind)])
        raise
    db.session.commit()
    erase(needless)
    return key


def _change(job: Callable[[], list[str]]) -> None:
    """One transaction, and then the store is rid of what it made needless."""
    try:
        needless = job()
    except Exception:
        db.session.rollback()
        raise
    db.session.commit()
    erase(needless)


@contextmanager
def _lost_bytes_begin_anew(slot: Slot, seen: Progress) -> Iterator[None]:
    """Bytes that are not in the store were erased by another connection just now (Raced), or are lost."""
    try:
        yield
    except KeyError:
        _change(lambda: forget_lost(db.session(), slot, seen))
        raise OffsetWrong(0) from None


def _held(asked: Asked, seen: Progress, end: int) -> bytes:
    """The bytes from the start of the asked piece up to `end`. Raises KeyError when the store has lost them."""
    if end <= asked.start:
        return b""
    if seen.is_whole(asked.size):
        return house().photos.get(stored_name(seen.key or "", "original"))[asked.start : end]
    pieces = [piece for piece in seen.pieces if piece.end > asked.start and piece.start < end]
    skipped = asked.start - pieces[0].start
    return b"".join(_bytes_of(pieces))[skipped : skipped + end - asked.start]


def _bytes_of(pieces: Iterable[Piece]) -> Iterable[bytes]:
    return (house().photos.get(stored_name(piece.key, "piece")) for piece in pieces)
