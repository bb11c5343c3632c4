"""The same report, sent again: by impatient people, by bad networks, by strangers."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder

from maengelmelder.house import house
from maengelmelder.store.models import Delivery, Photo, Report, Ticket, Upload
from tests.web.public.forms import JSON, new_report, photo, rows, send, send_json, stored_files


def test_the_same_submission_is_one_report(client: FlaskClient, session: Session) -> None:
    fields = new_report()
    first = send_json(client, fields)
    second = send_json(client, fields | {"description": "Etwas ganz anderes"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    assert rows(session, (Ticket, Report)) == [1, 1]


def test_people_who_send_twice_land_on_the_same_status_page(client: FlaskClient, session: Session) -> None:
    fields = new_report()
    assert send(client, fields).location == send(client, fields).location
    assert rows(session, (Ticket,)) == [1]


def test_a_repeat_leaves_no_second_photo(app: Flask, client: FlaskClient, session: Session) -> None:
    fields = new_report()
    for _ in range(2):
        send(client, fields | {"photos": photo()})
    assert rows(session, (Photo,)) == [1]
    assert len(stored_files(house(app).settings.photos)) == 1


def test_another_secret_is_somebody_else(client: FlaskClient, session: Session) -> None:
    fields = new_report()
    send(client, fields)
    stranger = fields | {"secret": "B" * 43}
    machine, person = send_json(client, stranger), send(client, stranger)
    assert (machine.status_code, person.status_code) == (409, 409)
    assert machine.get_json()["error"]["code"] == "submission_taken"
    assert fields["secret"] not in person.text
    assert rows(session, (Ticket,)) == [1]


def test_photos_of_a_stranger_are_not_kept(app: Flask, client: FlaskClient, session: Session) -> None:
    fields = new_report()
    send(client, fields)
    for answer in (
        send(client, fields | {"secret": "B" * 43, "photos": photo()}),
        send_json(client, fields | {"secret": "C" * 43, "photos": photo()}),
    ):
        assert answer.status_code == 409
    assert rows(session, (Photo, Upload)) == [0, 0]
    assert stored_files(house(app).settings.photos) == []


def test_upper_case_is_the_same_submission(client: FlaskClient) -> None:
    fields = new_report()
    send_json(client, fields)
    assert send_json(client, fields | {"submission": fields["submission"].upper()}).status_code == 200


def _post(port: int, body: bytes, content_type: str) -> tuple[int, object]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", "/melden", body, {"Content-Type": content_type} | JSON)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_twenty_at_the_same_moment_are_one_report(app: Flask, port: int, session: Session) -> None:
    environ = EnvironBuilder(method="POST", data=new_report(photos=photo())).get_environ()
    body, content_type = environ["wsgi.input"].read(), environ["CONTENT_TYPE"]
    environ["wsgi.input"].close()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: _post(port, body, content_type), range(20)))
    assert sorted(status for status, _ in answers) == [200] * 19 + [201]
    assert len({json.dumps(content) for _, content in answers}) == 1
    assert rows(session, (Ticket, Report, Photo)) == [1, 1, 1]
    assert rows(session, (Delivery,)) == [1]
    assert len(stored_files(house(app).settings.photos)) == 1
