"""`POST /melden/foto`: a photo arrives while its report is still being written, in pieces, over any network."""

from typing import Any

from flask import Blueprint, Response, jsonify

from maengelmelder.database import db
from maengelmelder.domain.errors import Refusal, Refusals
from maengelmelder.domain.uploads import MOST_WAITING_BYTES, OffsetWrong
from maengelmelder.house import house
from maengelmelder.services.reporting.keep_upload import waiting_bytes
from maengelmelder.services.reporting.receive_upload import Progress, Raced
from maengelmelder.services.reporting.submit import SubmissionTaken
from maengelmelder.store.engine import reading
from maengelmelder.web import limits
from maengelmelder.web.errors import json_error
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.public.photo_pieces import drop_uploads, find_new, keep_photo, keep_piece, look
from maengelmelder.web.public.photo_upload_fields import Asked, Cancelled, read_upload
from maengelmelder.web.public.report_answers import refused, submission_taken
from maengelmelder.web.room import has_room
from maengelmelder.web.sentences import HTTP_SENTENCES, SENTENCES
from maengelmelder.web.transactions import commits

blueprint = Blueprint("photo_upload", __name__)

TRIES = 4  # when connections with the same photo get into each other's way
FULL_RETRY_SECONDS = 600
MEGABYTE = 1024 * 1024


@blueprint.post("/melden/foto")
@commits
def receive() -> Any:
    """Take a piece of a photo, say how far it is, or forget it."""
    demand_own_origin()
    try:
        asked = read_upload()
        return _cancel(asked) if isinstance(asked, Cancelled) else _receive(asked)
    except Refusals as refusals:
        return refused(refusals.refusals, None)
    except Refusal as refusal:
        return refused([refusal], None)
    except SubmissionTaken:
        return submission_taken()


def _cancel(asked: Cancelled) -> Response:
    drop_uploads(asked.submission, asked.secret_hash, asked.position)
    return _so_far(0)


def _receive(asked: Asked) -> Response:
    for _ in range(TRIES):
        seen = look(asked.slot)
        if seen.is_reported:
            return _so_far(asked.size, seen.key) if seen.key else submission_taken()
        try:
            return _so_far_of(asked, seen) if asked.data is None else _take(asked, seen)
        except OffsetWrong as wrong:
            return _go_on_at(wrong.offset)
        except Raced:
            continue
    return _give_way(asked)


def _give_way(asked: Asked) -> Response:
    """Others were quicker each time: how far they have brought the photo."""
    seen = look(asked.slot)
    return _so_far_of(asked, seen) if seen.is_whole(asked.size) else _go_on_at(seen.have(asked.size))


def _take(asked: Asked, seen: Progress) -> Response:
    taken = find_new(asked, seen)
    if not taken.data:
        return _so_far_of(asked, seen)
    if refusal := _find_no_room(asked, begins=taken.start == 0, length=len(taken.data)):
        return refusal
    if taken.start + len(taken.data) == asked.size:
        return _so_far(asked.size, keep_photo(asked, seen, taken), status=201)
    keep_piece(asked, seen, taken)
    return _so_far(taken.start + len(taken.data))


def _find_no_room(asked: Asked, *, begins: bool, length: int) -> Response | None:
    """Why nothing more can be taken now: too much from one network, too much that waits, a full disk."""
    if begins and not limits.hit(limits.UPLOADED_MEGABYTES, "uploaded", cost=-(-asked.size // MEGABYTE)):
        answer = json_error(429, "http_429", str(HTTP_SENTENCES[429]))
        answer.headers["Retry-After"] = str(limits.seconds_left(limits.UPLOADED_MEGABYTES, "uploaded"))
        return answer
    with reading():
        waiting = waiting_bytes(db.session())
        db.session.rollback()
    if waiting + length <= MOST_WAITING_BYTES and has_room(house().settings.photos):
        return None
    words = str(SENTENCES["uploads_full"])
    answer = json_error(503, "uploads_full", words, {"photos": words})
    answer.headers["Retry-After"] = str(FULL_RETRY_SECONDS)
    return answer


def _so_far_of(asked: Asked, seen: Progress) -> Response:
    return _so_far(seen.have(asked.size), seen.key if seen.is_whole(asked.size) else None)


def _so_far(offset: int, key: str | None = None, *, status: int = 200) -> Response:
    response = jsonify(offset=offset, complete=True, key=key) if key else jsonify(offset=offset, complete=False)
    response.status_code = status
    return response


def _go_on_at(offset: int) -> Response:
    words = str(SENTENCES["upload_offset_wrong"])
    response = json_error(409, "upload_offset_wrong", words, {"offset": words})
    answer = response.get_json() | {"offset": offset}
    response.set_data(jsonify(answer).get_data())
    return response
