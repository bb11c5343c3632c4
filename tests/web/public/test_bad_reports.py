"""Bad input gets the form back with everything that was entered, and leaves nothing behind."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.photos import stored_name
from maengelmelder.house import house
from maengelmelder.store.models import Report, Ticket, Upload
from tests.reports import IMAGES
from tests.web.public.forms import new_report, photo, rows, send, send_json, stored_files

BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "no place": ({"lat": None, "lon": None}, "place", "wo der Mangel ist"),
    "latitude is no number": ({"lat": "NaN"}, "lat", "keine Zahl"),
    "infinite": ({"lon": "1e400"}, "lon", "keine Zahl"),
    "words": ({"lat": "POINT(1 2)"}, "lat", "keine Zahl"),
    "off the earth": ({"lat": "91"}, "lat", "gibt es nicht"),
    "swapped": ({"lat": "12.1522", "lon": "48.5369"}, "place", "vertauscht"),
    "one coordinate only": ({"lon": None}, "lon", "zwei Zahlen"),
    "a neighbour": ({"lat": "48.5775", "lon": "12.1720"}, "place", "Ergolding"),
    "far away": ({"lat": "52.52", "lon": "13.405"}, "place", "nicht in Landshut"),
    "accuracy": ({"accuracy": "nan"}, "accuracy", "Genauigkeit"),
    "no category": ({"category": None}, "category", "worum es geht"),
    "unknown category": ({"category": "drache"}, "category", "gibt es nicht"),
    "unknown answer": ({"answer-art": "grün"}, "answer-art", "nicht zur Auswahl"),
    "two answers to one": ({"answer-art": ["aus", "flackert"]}, "answer-art", "nur eine Antwort"),
    "unknown question": ({"answer-drache": "ja"}, "answer-drache", "gehört nicht"),
    "too long": ({"description": "x" * 10_000}, "description", "zu lang"),
    "NUL": ({"description": "vorher\x00nachher"}, "description", "Steuerzeichen"),
    "neither text nor photo": ({"description": "  "}, "description", "fügen Sie ein Foto hinzu"),
    "long address": ({"address": "x" * 301}, "address", "zu lang"),
    "long name": ({"name": "x" * 101}, "name", "zu lang"),
    "e-mail": ({"email": "nicht@@gut"}, "email", "keine gültige E-Mail-Adresse"),
    "two e-mails": ({"email": "a@b.de>,c@d.de"}, "email", "keine gültige"),
    "endless e-mail": ({"email": "a" * 300 + "@example.org"}, "email", "keine gültige"),
    "injected header": ({"email": "a@example.org\r\nBcc: b@example.org"}, "email", "keine gültige"),
    "language": ({"language": "tlh"}, "language", "Sprache"),
    "submission": ({"submission": "42"}, "submission", "Kennung"),
    "secret": ({"secret": "kurz"}, "secret", "Schlüssel"),
    "danger answered with something else": (
        {"category": "ampel", "answer-art": "ganz_ausgefallen", "emergency": "x" * 1000},
        "emergency",
        "ob Sie angerufen haben",
    ),
    "danger unanswered": (
        {"category": "ampel", "answer-art": "ganz_ausgefallen"},
        "emergency",
        "ob Sie angerufen haben",
    ),
    "the deciding question unanswered": ({"category": "ampel", "answer-art": None}, "answer-art", "beantworten"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named_at_its_field_and_stores_nothing(client: FlaskClient, session: Session, case: str) -> None:
    changes, field, words = BAD[case]
    machine = send_json(client, new_report(**changes))
    assert machine.status_code == 422
    assert words in machine.get_json()["error"]["fields"][field]
    person = send(client, new_report(**changes))
    assert person.status_code == 422
    assert words in person.text
    assert 'role="alert"' in person.text
    assert sum(rows(session)) == 0


def test_everything_that_was_entered_comes_back(client: FlaskClient) -> None:
    page = send(
        client,
        new_report(
            category="laterne",
            address="Altstadt 315",
            email="kein-at-zeichen",
            description='Zeile 1\r\nZeile <2> & "mehr"',
            accuracy="18",
            **{"answer-art": "flackert", "answer-mastnummer": "M 17\x01"},
        ),
    ).text
    assert 'value="Altstadt 315"' in page
    assert 'value="kein-at-zeichen"' in page
    assert "Zeile 1\nZeile &lt;2&gt; &amp; &#34;mehr&#34;</textarea>" in page
    assert 'value="M 17"' in page
    assert 'value="48.5369"' in page
    assert 'name="accuracy" value="18"' in page
    assert re.search(r'value="laterne" checked', page)
    assert re.search(r'value="flackert"[^>]* checked', page)


def test_each_line_of_the_summary_leads_to_its_field(client: FlaskClient) -> None:
    page = send(client, {"submission": "x", "accuracy": "y", "email": "z", "language": "q", "name": "n" * 200}).text
    anchors = re.findall(r'<li><a href="#([^"]+)">', page)
    assert len(anchors) >= 5
    assert all(f'id="{anchor}"' in page for anchor in anchors), anchors


def test_the_summary_follows_the_form_and_names_the_question(client: FlaskClient) -> None:
    fields = new_report(lat=None, lon=None, email="falsch", description="", **{"answer-art": None})
    summary = send(client, fields).text.split('id="errors"')[1].split("</ul>")[0]
    words = ["wo der Mangel ist", "Was ist zu sehen? Bitte beantworten", "fügen Sie ein Foto hinzu", "keine gültige"]
    places = [summary.index(word) for word in words]
    assert places == sorted(places)


PHOTOS = {
    "30 MB": (b"\xff\xd8\xff" + b"x" * 30 * 1024 * 1024, "gross.jpg", "größer als 15 MB"),
    "HTML": (b"<!doctype html><script>alert(1)</script>", "foto.jpg", "kein Foto"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "foto.jpg", "kein Foto"),
    "empty": (b"", "leer.jpg", "leer"),
}


@pytest.mark.parametrize("case", PHOTOS)
def test_a_file_that_is_no_photo_is_refused(app: Flask, client: FlaskClient, session: Session, case: str) -> None:
    data, name, words = PHOTOS[case]
    page = send(client, new_report(photos=(BytesIO(data), name)))
    assert page.status_code == 422
    assert words in page.text
    assert "Die Laterne ist aus." in page.text
    assert sum(rows(session)) == 0
    assert stored_files(house(app).settings.photos) == []


@pytest.mark.parametrize("name", ["../../x.jpg", "C:\\x.jpg", "a" * 5000 + ".jpg", ".htaccess", "\u202egpj.exe", "..."])
def test_no_file_name_ever_becomes_a_path(app: Flask, client: FlaskClient, name: str) -> None:
    assert send(client, new_report(photos=photo(name=name))).status_code == 303
    (stored,) = stored_files(house(app).settings.photos)
    assert stored.is_relative_to(house(app).settings.photos)
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}\.original", stored.name)


@pytest.mark.parametrize("path", sorted((IMAGES / "malformed").iterdir()), ids=lambda path: path.name)
def test_a_malformed_picture_never_breaks_the_form(client: FlaskClient, path: Any) -> None:
    assert send(client, new_report(photos=photo(path, path.name))).status_code in (303, 422)


def test_a_good_photo_survives_a_refused_form_and_a_bad_one_does_not(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    fields = new_report(email="falsch", photos=[photo(name="gut.jpg"), (BytesIO(b"nichts"), "schlecht.jpg")])
    page = send(client, fields)
    assert page.status_code == 422
    assert "gut.jpg" in page.text
    key = re.search(r'name="uploads" value="([^"]+)" checked', page.text)
    assert key
    assert [path.name for path in stored_files(house(app).settings.photos)] == [stored_name(key[1], "original")]
    assert rows(session, (Ticket, Upload)) == [0, 1]
    again = new_report(submission=fields["submission"], secret=fields["secret"], uploads=key[1])
    assert send(client, again).status_code == 303
    assert rows(session, (Ticket, Report, Upload)) == [1, 1, 0]


def test_a_kept_photo_that_was_left_out_is_erased(app: Flask, client: FlaskClient, session: Session) -> None:
    fields = new_report(email="falsch", photos=photo())
    send(client, fields)
    send(client, new_report(submission=fields["submission"], secret=fields["secret"]))
    assert rows(session, (Ticket, Upload)) == [1, 0]
    assert stored_files(house(app).settings.photos) == []


def test_nobody_takes_a_kept_photo_without_its_secret(client: FlaskClient, session: Session) -> None:
    fields = new_report(email="falsch", photos=photo())
    key = re.search(r'name="uploads" value="([^"]+)"', send(client, fields).text)
    assert key
    thief = send_json(client, new_report(submission=fields["submission"], uploads=key[1]))
    assert thief.status_code == 422
    assert "nicht mehr gespeichert" in thief.get_json()["error"]["fields"]["photos"]
    assert rows(session, (Ticket, Upload)) == [0, 1]


def test_a_machines_photos_are_not_kept(app: Flask, client: FlaskClient, session: Session) -> None:
    send_json(client, new_report(email="falsch", photos=photo()))
    assert rows(session, (Upload,)) == [0]
    assert stored_files(house(app).settings.photos) == []


def test_too_many_photos_are_refused(client: FlaskClient, session: Session) -> None:
    page = send(client, new_report(photos=[photo() for _ in range(4)]))
    assert page.status_code == 422
    assert "höchstens 3 Fotos" in page.text
    assert rows(session, (Ticket,)) == [0]


def test_a_category_without_photos_says_so_and_takes_the_next_try(client: FlaskClient, session: Session) -> None:
    category = next(c["key"] for c in client.get("/api/v1/categories").get_json()["categories"] if c["photos"] == 0)
    fields = new_report(category=category, photos=photo(), **{"answer-art": None})
    page = send(client, fields)
    assert page.status_code == 422
    assert "nehmen wir keine Fotos an" in page.text
    assert not re.search(r'name="uploads" value="[^"]+" checked', page.text)


def test_the_place_in_a_photo_is_offered_and_never_taken_silently(client: FlaskClient, session: Session) -> None:
    data = IMAGES.joinpath("bath_pothole.jpg").read_bytes()
    located = _with_gps(data, 48.5369, 12.1522)
    fields = new_report(lat=None, lon=None, photos=(BytesIO(located), "ort.jpg"))
    page = send(client, fields)
    assert page.status_code == 422
    assert "Ort aus dem Foto übernehmen?" in page.text
    assert 'name="photo_place" value="1">' in page.text, "it must not be ticked"
    hint = re.search(r'name="photo_hint" value="([^"]+)"', page.text)
    key = re.search(r'name="uploads" value="([^"]+)"', page.text)
    assert hint
    assert key
    again = fields | {"photos": "", "uploads": key[1], "photo_hint": hint[1], "photo_place": "1"}
    assert send(client, {name: value for name, value in again.items() if name != "photos"}).status_code == 303
    session.rollback()
    place = session.query(Ticket).one().place
    assert place is not None
    assert place.lat == pytest.approx(48.5369, abs=1e-4)


def _with_gps(jpeg: bytes, lat: float, lon: float) -> bytes:
    image = Image.open(BytesIO(jpeg))
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: _parts(lat), 3: "E", 4: _parts(lon)}
    target = BytesIO()
    image.save(target, "JPEG", exif=exif)
    return target.getvalue()


def _parts(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = (degrees - whole) * 60
    return float(whole), float(int(minutes)), (minutes - int(minutes)) * 60


XSS = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}${7*7}'
FIELDS = ["description", "address", "email", "name", "lat", "lon", "category", "accuracy", "emergency", "language",
          "submission", "secret", "photo_hint", "uploads", "answer-mastnummer", "answer-art", XSS]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_markup_in_any_field_stays_text(client: FlaskClient, session: Session, field: str) -> None:
    answer = send(client, new_report(**{"email": "falsch"} | {field: XSS}))
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert ">49" not in answer.text
    good = send(client, new_report(description=XSS, address=XSS, **{"answer-mastnummer": XSS}))
    number = session.query(Ticket.id).scalar()
    for page in (client.get(good.location), client.get(f"/vorgang/{number}"), client.get("/meldungen?q=" + XSS[:40])):
        assert "<script>alert" not in page.text


def test_a_machine_that_asks_for_the_next_step_of_a_good_form_sends_it(client: FlaskClient) -> None:
    assert send_json(client, new_report(step="2")).status_code == 201


@pytest.mark.parametrize("answer", ["x" * 1000, "called\x00", "<script>"])
def test_what_the_emergency_step_does_not_offer_is_never_kept(
    client: FlaskClient, session: Session, answer: str
) -> None:
    assert send_json(client, new_report(emergency=answer)).status_code == 201
    assert [report.emergency for report in session.scalars(select(Report))] == [""]


def test_a_part_without_a_name_harms_nothing(client: FlaskClient, session: Session) -> None:
    body = b"--a\r\nContent-Disposition: form-data\r\n\r\nwas?\r\n--a--\r\n"
    answer = client.post("/melden", data=body, content_type="multipart/form-data; boundary=a")
    assert answer.status_code == 422
    assert sum(rows(session)) == 0
