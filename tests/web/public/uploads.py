"""Sending photos in pieces, as phones do."""

import http.client
import io
import json
import secrets
import time
import uuid
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder, TestResponse

from maengelmelder.domain.photos import stored_name
from maengelmelder.house import house
from maengelmelder.store.models import Upload, UploadPart
from tests.reports import POTHOLE, secret_hash
from tests.web.public.forms import JSON, stored_files

PHOTO = POTHOLE.read_bytes()
PIECE = 64 * 1024
MOST_BREAKS = 400  # a server that starts anew takes a while


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


class Phone:
    """Sends a photo over connections of its own, as far as the city at `address` says, and does not give up."""

    def __init__(self, address: str, slot: dict[str, Any], data: bytes, length: int = PIECE) -> None:
        self.address, self.slot, self.data, self.length = urlsplit(address).netloc, slot, data, length
        self.statuses: list[int] = []
        self.breaks = 0

    def send(self) -> str:
        """To the end; the key. Asks how far it is whenever the network has failed."""
        offset: int | None = 0
        while True:
            try:
                answer = self.tell(offset)
            except (OSError, http.client.HTTPException):
                self.breaks += 1
                assert self.breaks < MOST_BREAKS
                time.sleep(0.05)
                offset = None
                continue
            if answer.get("complete"):
                return str(answer["key"])
            offset = answer["offset"]

    def tell(self, offset: int | None) -> dict[str, Any]:
        """One request: the piece from there on, or how far it is."""
        fields: dict[str, Any] = self.slot | {"size": str(len(self.data))}
        if offset is not None:
            chunk = io.BytesIO(self.data[offset : offset + self.length])
            fields |= {"offset": str(offset), "chunk": (chunk, "chunk")}
        status, found = post(self.address, "/melden/foto", fields)
        self.statuses.append(status)
        return found


def post(address: str, path: str, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """A form over a connection of its own; the status, and the JSON that came back."""
    environ = EnvironBuilder(method="POST", data=fields).get_environ()
    body = environ["wsgi.input"].read()
    environ["wsgi.input"].close()
    kind = environ.get("CONTENT_TYPE", "")
    connection = http.client.HTTPConnection(address, timeout=60)
    try:
        connection.request("POST", path, body, {"Content-Type": kind} | JSON)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()
