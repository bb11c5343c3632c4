"""Sending photos in pieces, as phones do."""

import secrets
import uuid
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from maengelmelder.domain.photos import stored_name
from maengelmelder.house import house
from maengelmelder.store.models import Upload, UploadPart
from tests.reports import POTHOLE, secret_hash
from tests.web.public.forms import stored_files

PHOTO = POTHOLE.read_bytes()
PIECE = 64 * 1024


def new_slot(**changes: Any) -> dict[str, Any]:
    """What every request about one photo carries."""
    secret = uuid.uuid4().hex + "A" * 11
    return {"submission": str(uuid.uuid4()), "secret_hash": secret_hash(secret), "index": "0"} | changes


def tell(client: FlaskClient, fields: dict[str, Any], **headers: str) -> TestResponse:
    """One request."""
    answer = client.post("/melden/foto", data=fields, headers=headers, content_type="multipart/form-data")
    answer.request.input_stream.close()  # a large body lies in a temporary file
    return answer


def send_piece(
    client: FlaskClient, slot: dict[str, Any], data: bytes, start: int = 0, length: int | None = None, **changes: Any
) -> TestResponse:
    """A piece of a photo; None as length: all that is left."""
    piece = data[start:] if length is None else data[start : start + length]
    fields = slot | {"size": str(len(data)), "offset": str(start), "chunk": (BytesIO(piece), "chunk")} | changes
    return tell(client, {name: value for name, value in fields.items() if value is not None})


def ask(client: FlaskClient, slot: dict[str, Any], data: bytes = PHOTO) -> dict[str, Any]:
    """How far a photo is."""
    answer = tell(client, slot | {"size": str(len(data))})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def send_whole(client: FlaskClient, slot: dict[str, Any], data: bytes = PHOTO, length: int = PIECE) -> str:
    """Piece by piece to the end; the key."""
    for start in range(0, len(data), length):
        answer = send_piece(client, slot, data, start, length)
    assert answer.status_code == 201
    return str(answer.get_json()["key"])


def kept_bytes(app: Flask, session: Session) -> list[bytes]:
    """The originals that wait for their report, after a look that nothing else lies around."""
    session.rollback()
    assert session.scalars(select(UploadPart)).all() == []
    keys = session.scalars(select(Upload.key).order_by(Upload.position)).all()
    root = house(app).settings.photos
    assert {path.name for path in stored_files(root)} == {stored_name(key, "original") for key in keys}
    return [house(app).photos.get(stored_name(key, "original")) for key in keys]


def photo_of(size: int) -> bytes:
    """A photo of exactly so many bytes, at least a thousand; each call gives another."""
    picture = BytesIO()
    Image.effect_noise((8, 8), 80).convert("RGB").save(picture, "JPEG", quality=60)
    data = picture.getvalue()
    return data + secrets.token_bytes(size - len(data))  # decoders stop at the end mark and so do we
