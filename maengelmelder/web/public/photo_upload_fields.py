"""Reading what a phone sends to `/melden/foto`; every fault is named."""

from dataclasses import dataclass

from flask import abort, request

from maengelmelder.domain.errors import Refusal, Refusals
from maengelmelder.domain.photos import MAX_BYTES, MAX_PHOTOS, check_bytes, clean_name
from maengelmelder.domain.uploads import check_end
from maengelmelder.services.reporting.receive_upload import Slot
from maengelmelder.web.public.report_fields import SECRET, SECRET_HASH, SUBMISSION, hash_of

MOST_AROUND = 64 * 1024  # bytes of the other fields, and of what separates them
LONGEST_NUMBER = 9  # digits


@dataclass(frozen=True)
class Asked:
    """A piece of a photo of `size` bytes that begins at byte `start`; data: None only asks how far the photo is."""

    slot: Slot
    size: int
    start: int
    data: bytes | None
    name: str


@dataclass(frozen=True)
class Cancelled:
    """A photo of a form that is not wanted any more; position: None for all of them."""

    submission: str
    secret_hash: str
    position: int | None


def read_upload() -> Asked | Cancelled:
    """What this request wants. Raises Refusals; answers 411 to a body of unknown length, 413 to an endless one."""
    _demand_length()
    faults: list[Refusal] = []
    submission, secret_hash, position = _read_submission(faults), _read_secret(faults), _read_position(faults)
    if request.form.get("cancel"):
        _refuse(faults)
        return Cancelled(submission, secret_hash, position)
    name = clean_name(request.form.get("name", ""))
    size, start = _read_size(name, faults), _read_number("offset", "0", faults)
    data = _read_piece(name, faults)
    if position is None:
        faults.append(Refusal("number_invalid", "index"))
    if not faults and data is not None:
        _check(faults, start, data, size)
    _refuse(faults)
    return Asked(Slot(submission, secret_hash, position or 0), size, start, data, name)


def _demand_length() -> None:
    if request.content_length is None:
        abort(411)  # servers cut a body of unknown length at their limit, and nobody notices
    if request.content_length > MAX_BYTES + MOST_AROUND:
        raise Refusals([Refusal("photo_too_large", "photos", name=clean_name(""), limit=MAX_BYTES // 1024**2)])


def _refuse(faults: list[Refusal]) -> None:
    if faults:
        raise Refusals(faults)


def _check(faults: list[Refusal], start: int, data: bytes, size: int) -> None:
    try:
        check_end(start, len(data), size)
    except Refusal as refusal:
        faults.append(refusal)


def _read_submission(faults: list[Refusal]) -> str:
    submission = request.form.get("submission", "").strip()
    if not SUBMISSION.fullmatch(submission):
        faults.append(Refusal("submission_invalid", "submission"))
    return submission.lower()


def _read_secret(faults: list[Refusal]) -> str:
    secret, secret_hash = (request.form.get(name, "").strip() for name in ("secret", "secret_hash"))
    if SECRET.fullmatch(secret):
        return hash_of(secret)
    if secret or not SECRET_HASH.fullmatch(secret_hash.lower()):
        faults.append(Refusal("secret_invalid", "secret" if secret else "secret_hash"))
    return secret_hash.lower()


def _read_position(faults: list[Refusal]) -> int | None:
    """Which photo; None where it is not said."""
    if not request.form.get("index"):
        return None
    position = _read_number("index", "", faults)
    if position >= MAX_PHOTOS:
        faults.append(Refusal("photos_too_many", "index", limit=MAX_PHOTOS))
    return position


def _read_size(name: str, faults: list[Refusal]) -> int:
    before = len(faults)
    size = _read_number("size", "", faults)
    if len(faults) == before:
        try:
            check_bytes(size, name)
        except Refusal as refusal:
            faults.append(refusal)
    return size


def _read_piece(name: str, faults: list[Refusal]) -> bytes | None:
    file = request.files.get("chunk")
    if file is None and "chunk" not in request.form:
        return None
    data = file.read() if file else b""
    if not data:
        faults.append(Refusal("photo_empty", "photos", name=name))
    return data


def _read_number(name: str, default: str, faults: list[Refusal]) -> int:
    text = request.form.get(name, default).strip()
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        return int(text)
    faults.append(Refusal("number_invalid", name))
    return 0
