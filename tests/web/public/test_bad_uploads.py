"""Nonsense, floods and full disks at the photo's door: a clear sentence for machines, and nothing stays behind."""

import io
import struct
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from maengelmelder.domain.photos import MAX_BYTES
from maengelmelder.domain.uploads import MOST_PIECES
from maengelmelder.house import house
from maengelmelder.store.models import Upload, UploadPart
from maengelmelder.web.public import photo_upload
from tests.reports import IMAGES
from tests.web.public.forms import rows, stored_files
from tests.web.public.uploads import PHOTO, PIECE, ask, new_slot, photo_of, send_piece, tell

Usage = namedtuple("Usage", "total used free")

BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "no submission": ({"submission": None}, "submission", "Kennung"),
    "submission": ({"submission": "42"}, "submission", "Kennung"),
    "a path as submission": ({"submission": "../../etc/passwd"}, "submission", "Kennung"),
    "no secret": ({"secret_hash": None}, "secret_hash", "Schlüssel"),
    "secret": ({"secret": "kurz"}, "secret", "Schlüssel"),
    "secret hash": ({"secret_hash": "g" * 64}, "secret_hash", "Schlüssel"),
    "NUL in secret": ({"secret": "A" * 42 + "\x00"}, "secret", "Schlüssel"),
    "no index": ({"index": None}, "index", "ganze Zahl"),
    "index 3": ({"index": "3"}, "index", "höchstens 3 Fotos"),
    "index -1": ({"index": "-1"}, "index", "ganze Zahl"),
    "index abc": ({"index": "abc"}, "index", "ganze Zahl"),
    "index ²": ({"index": "²"}, "index", "ganze Zahl"),
    "no size": ({"size": None}, "size", "ganze Zahl"),
    "size 0": ({"size": "0"}, "photos", "leer"),
    "size -1": ({"size": "-1"}, "size", "ganze Zahl"),
    "size 1e99": ({"size": "1e99"}, "size", "ganze Zahl"),
    "size of a hundred digits": ({"size": "9" * 100}, "size", "ganze Zahl"),
    "size 16 MB": ({"size": str(16 * 1024**2)}, "photos", "größer als 15 MB"),
    "offset -1": ({"offset": "-1"}, "offset", "ganze Zahl"),
    "offset NaN": ({"offset": "NaN"}, "offset", "ganze Zahl"),
    "offset behind the end": ({"offset": str(len(PHOTO))}, "chunk", "mehr an"),
    "longer than the photo": ({"size": "1000"}, "chunk", "mehr an"),
    "words as piece": ({"chunk": "words"}, "photos", "leer"),
}


def demand_nothing_left(app: Flask, session: Session) -> None:
    assert rows(session, (Upload, UploadPart)) == [0, 0]
    assert stored_files(house(app).settings.photos) == []


@pytest.mark.parametrize("case", BAD)
def test_nonsense_is_named_at_its_field(app: Flask, client: FlaskClient, session: Session, case: str) -> None:
    changes, field, words = BAD[case]
    answer = send_piece(client, new_slot(), PHOTO, **changes)
    assert answer.status_code == 422
    error = answer.get_json()["error"]
    assert set(error) == {"code", "message", "fields"}
    assert words in error["fields"][field]
    demand_nothing_left(app, session)


def test_an_empty_piece_is_no_photo(app: Flask, client: FlaskClient, session: Session) -> None:
    answer = send_piece(client, new_slot(), PHOTO, 0, 0)
    assert answer.status_code == 422
    assert "leer" in answer.get_json()["error"]["fields"]["photos"]
    demand_nothing_left(app, session)


def test_every_fault_is_named_at_once(client: FlaskClient) -> None:
    fields = tell(client, {"size": "x", "offset": "y"}).get_json()["error"]["fields"]
    assert set(fields) == {"submission", "secret_hash", "index", "size", "offset"}


PIXEL_BOMB = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBBI", 13, b"IHDR", 30_000, 30_000, 8, 2, 0, 0, 0, 0)
NO_PHOTOS = {
    "HTML": (b"<!doctype html><script>alert(1)</script>" + b" " * 3000, "kein Foto"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>' + b" " * 3000, "kein Foto"),
    "a photo's first bytes": (PHOTO[:3] + b"x" * 5000, "beschädigt"),
    "too many pixels": (PIXEL_BOMB + b" " * 3000, "Megapixel"),
}


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("case", NO_PHOTOS)
def test_what_is_no_photo_is_erased(app: Flask, client: FlaskClient, session: Session, case: str, whole: bool) -> None:
    data, words = NO_PHOTOS[case]
    slot, step = new_slot(), len(data) if whole else 1000
    for start in range(0, len(data), step):
        answer = send_piece(client, slot, data, start, step, name="foto.jpg")
    assert answer.status_code == 422
    assert words in answer.get_json()["error"]["fields"]["photos"]
    assert "foto.jpg" in answer.get_json()["error"]["fields"]["photos"]
    demand_nothing_left(app, session)
    assert ask(client, slot, data)["offset"] == 0


@pytest.mark.parametrize("path", sorted((IMAGES / "malformed").iterdir()), ids=lambda path: path.name)
def test_a_malformed_picture_never_breaks_the_door(
    app: Flask, client: FlaskClient, session: Session, path: Any
) -> None:
    answer = send_piece(client, new_slot(), path.read_bytes())
    assert answer.status_code in (201, 413, 422)
    if answer.status_code != 201:
        demand_nothing_left(app, session)


def test_the_largest_photo_fits_and_one_byte_more_does_not(client: FlaskClient) -> None:
    data = photo_of(MAX_BYTES)
    assert send_piece(client, new_slot(), data).status_code == 201
    assert send_piece(client, new_slot(), data + b"x").status_code == 422
    endless = tell(client, new_slot(size="1", chunk=(io.BytesIO(bytes(MAX_BYTES + 100_000)), "chunk")))
    assert endless.status_code == 422
    assert "größer als 15 MB" in endless.get_json()["error"]["fields"]["photos"]


@pytest.mark.parametrize("name", ["../../x.jpg", "a\x00b.jpg", "x" * 5000, "\u202egpj.exe", "", "\ud800"])
def test_no_file_name_does_harm(client: FlaskClient, session: Session, name: str) -> None:
    encoded = name.encode("utf-8", "surrogatepass")
    assert send_piece(client, new_slot(), PHOTO, name=encoded).status_code == 201
    kept = session.query(Upload.name).scalar()
    assert kept
    assert len(kept) <= 60
    assert "\x00" not in kept
    assert "/" not in kept


def test_crumbs_without_end_are_refused(app: Flask, client: FlaskClient, session: Session) -> None:
    slot, data = new_slot(), photo_of(2000)
    for start in range(MOST_PIECES):
        assert send_piece(client, slot, data, start, 1).status_code == 200
    answer = send_piece(client, slot, data, MOST_PIECES, 1)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, "upload_in_crumbs")
    demand_nothing_left(app, session)


def test_ten_thousand_fields_are_refused(app: Flask, client: FlaskClient, session: Session) -> None:
    answer = tell(client, new_slot() | {f"f{number}": "x" for number in range(10_000)})
    assert answer.status_code == 413
    assert set(answer.get_json()["error"]) == {"code", "message", "fields"}
    demand_nothing_left(app, session)


def test_a_body_of_unknown_length_is_refused(client: FlaskClient) -> None:
    answer = client.post(
        "/melden/foto",
        input_stream=io.BytesIO(b"--a--\r\n"),
        content_type="multipart/form-data; boundary=a",
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    )
    assert answer.status_code == 411
    assert answer.get_json()["error"]["code"] == "http_411"


@pytest.mark.parametrize(
    "body", [b" ", b"{}", b"--a\r\n", b"--a\r\nContent-Disposition: form-data\r\n\r\nwas?\r\n--a--\r\n"]
)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=a", "multipart/form-data", "application/json", ""])
def test_bodies_that_are_no_forms_are_refused(client: FlaskClient, body: bytes, kind: str) -> None:
    answer = client.post("/melden/foto", data=body, content_type=kind)
    assert answer.status_code == 422
    assert set(answer.get_json()["error"]["fields"]) >= {"submission", "index"}


def test_cancelling_nonsense_is_refused(client: FlaskClient) -> None:
    assert tell(client, {"cancel": "1"}).status_code == 422
    assert tell(client, new_slot(cancel="1", index="7")).status_code == 422


def test_the_door_is_no_page(client: FlaskClient) -> None:
    assert client.get("/melden/foto").status_code == 404


def test_one_network_cannot_fill_the_disk(
    client: FlaskClient, session: Session, set_house: Callable[..., None]
) -> None:
    set_house(rate_limits=True)
    for _ in range(20):
        slot = new_slot()
        assert send_piece(client, slot, PHOTO, 0, 1000, size=str(MAX_BYTES)).status_code == 200
    answer = send_piece(client, new_slot(), PHOTO, 0, PIECE)
    assert answer.status_code == 429
    assert answer.get_json()["error"]["message"]
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    going_on = send_piece(client, slot, PHOTO, 1000, 1000, size=str(MAX_BYTES))
    assert going_on.status_code == 200, "what has begun may go on"


def test_what_waits_has_an_end(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_upload, "MOST_WAITING_BYTES", 100_000)
    slot, waiting = new_slot(), photo_of(60_000)
    send_piece(client, slot, waiting)
    answer = send_piece(client, new_slot(), photo_of(50_000))
    assert answer.status_code == 503
    assert "kein Platz" in answer.get_json()["error"]["fields"]["photos"]
    assert int(answer.headers["Retry-After"]) > 0
    assert len(stored_files(house(app).settings.photos)) == 1
    tell(client, slot | {"cancel": "1"})
    assert send_piece(client, new_slot(), photo_of(50_000)).status_code == 201


def test_a_full_disk_takes_no_photo(client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(100, 96, 4))
    answer = send_piece(client, new_slot(), PHOTO)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "uploads_full")
    assert rows(session, (Upload, UploadPart)) == [0, 0]


def test_a_store_that_is_away_loses_nothing(app: Flask, client: FlaskClient, session: Session) -> None:
    slot, photos = new_slot(), house(app).settings.photos
    send_piece(client, slot, PHOTO, 0, PIECE)
    photos.rename(photos.with_name("away"))
    photos.write_bytes(b"a file where the directory should be")
    answer = send_piece(client, slot, PHOTO, PIECE, PIECE)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    photos.unlink()
    photos.with_name("away").rename(photos)
    assert send_piece(client, slot, PHOTO, PIECE).status_code == 201


def test_a_database_that_is_busy_keeps_no_piece(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> list[str]:
        raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))

    slot = new_slot()
    with monkeypatch.context() as patch:
        patch.setattr("maengelmelder.web.public.photo_pieces.note_piece", busy)
        answer = send_piece(client, slot, PHOTO, 0, PIECE)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    demand_nothing_left(app, session)
    assert send_piece(client, slot, PHOTO, 0, PIECE).status_code == 200
