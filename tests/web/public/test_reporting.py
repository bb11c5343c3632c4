"""A citizen reports something."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import RateLimitItemPerHour
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.house import house
from maengelmelder.store.models import Report, Ticket
from maengelmelder.web import limits
from tests.conftest import Clock
from tests.web.public.forms import hidden_fields, new_report, photo, rows, send, send_json, stored_files


def test_a_report_with_a_photo_reaches_department_status_page_and_map(
    client: FlaskClient, session: Session, work: Callable[[], int], mailbox: MemoryMailer
) -> None:
    form = client.get("/melden")
    fields = new_report(**hidden_fields(form.text), photos=photo())
    answer = send(client, fields)
    assert answer.status_code == 303
    assert answer.location == f"/meine/{fields['secret']}"
    work()
    number = session.scalars(select(Ticket.id)).one()
    own = client.get(answer.location)
    assert "Angekommen." in own.text
    assert f"<strong>{number}</strong>" in own.text
    assert any(str(number) in message["Subject"] for message in mailbox.sent)
    assert client.get(f"/vorgang/{number}").status_code == 200
    assert [f["id"] for f in client.get("/api/v1/tickets").get_json()["features"]] == [number]


def test_every_form_brings_its_own_id_and_secret(client: FlaskClient) -> None:
    first, second = (hidden_fields(client.get("/melden").text) for _ in range(2))
    assert first["submission"] != second["submission"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", first["secret"])
    assert first["secret"] != second["secret"]


def test_the_database_never_learns_the_secret(client: FlaskClient, session: Session) -> None:
    fields = new_report()
    send(client, fields)
    report = session.scalars(select(Report)).one()
    assert fields["secret"] not in str(vars(report))


def test_a_typed_address_is_enough(client: FlaskClient, session: Session) -> None:
    answer = send(client, new_report(lat=None, lon=None, address="Altstadt 315"))
    assert answer.status_code == 303
    assert session.scalars(select(Ticket)).one().place is None
    assert "Altstadt 315" in client.get(answer.location).text


def test_a_photo_without_words_is_enough(client: FlaskClient) -> None:
    assert send(client, new_report(description=None, photos=photo())).status_code == 303


def test_a_machine_gets_number_and_status_link(client: FlaskClient, session: Session) -> None:
    fields = new_report()
    answer = send_json(client, fields)
    assert answer.status_code == 201
    number = session.scalars(select(Ticket.id)).one()
    assert answer.get_json() == {
        "number": number,
        "status_url": f"http://localhost/meine/{fields['secret']}",
        "submission": fields["submission"],
    }


def test_a_machine_may_keep_the_secret_to_itself(client: FlaskClient) -> None:
    fields = new_report(secret=None, secret_hash="ab" * 32)
    first, second = send_json(client, fields), send_json(client, fields)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    assert first.get_json()["status_url"] is None


def test_without_any_secret_the_server_mints_one_and_tells_it_once(client: FlaskClient) -> None:
    fields = new_report(secret=None)
    first = send_json(client, fields)
    assert client.get(first.get_json()["status_url"].removeprefix("http://localhost")).status_code == 200
    again = send_json(client, fields)
    assert again.status_code == 200
    assert again.get_json() == first.get_json() | {"status_url": None}


def test_a_deep_link_asks_the_questions_of_its_category(client: FlaskClient) -> None:
    page = client.get("/melden/ampel?lat=48.5369&lon=12.1522").text
    assert "Was ist gestört?" in page
    assert 'href="tel:110"' in page
    assert hidden_fields(page)["category"] == "ampel"
    assert 'value="48.536900"' in page
    assert client.get("/melden/gibt-es-nicht").status_code == 404


def test_contacts_without_a_number_are_not_shown(client: FlaskClient) -> None:
    assert "Störungsannahme" not in client.get("/melden/laterne").text.split("<form")[1].split("calls")[1]


def test_nonsense_in_a_deep_link_is_left_out(client: FlaskClient) -> None:
    page = client.get("/melden?lat=nan&lon=1e400&category=%00<b>").text
    assert 'name="lat" value=""' in page


def test_without_scripts_the_questions_come_before_sending(client: FlaskClient, session: Session) -> None:
    fields = new_report(**{"answer-art": None, "step": "questions", "photos": photo()})
    page = send(client, fields)
    assert page.status_code == 200
    assert "Mastnummer" in page.text
    assert "Die Laterne ist aus." in page.text
    assert "ist gespeichert" in page.text
    key = re.search(r'name="uploads" value="([^"]+)" checked', page.text)
    assert key
    again = new_report(submission=fields["submission"], secret=fields["secret"], uploads=key[1])
    assert send(client, again).status_code == 303
    ticket = session.scalars(select(Ticket)).one()
    assert [photo.key for photo in ticket.photos] == [key[1]]
    assert rows(session)[-1] == 0


def test_without_scripts_and_without_a_category_the_form_asks_for_one(client: FlaskClient) -> None:
    page = send(client, {"step": "questions"})
    assert page.status_code == 422
    assert "worum es geht" in page.text


def test_the_answered_emergency_step_is_kept(client: FlaskClient, session: Session) -> None:
    fields = new_report(category="ampel", emergency="called", **{"answer-art": "ganz_ausgefallen"})
    assert send(client, fields).status_code == 303
    assert session.scalars(select(Report)).one().emergency == "called"


def test_an_english_form_makes_an_english_report(client: FlaskClient, session: Session) -> None:
    form = client.get("/melden?lang=en")
    assert '<html lang="en"' in form.text
    assert "Road, pavement and cycle path" in form.text
    send(client, new_report(**hidden_fields(form.text)))
    assert session.scalars(select(Report)).one().language == "en"


def test_a_foreign_page_cannot_report_for_a_visitor(client: FlaskClient, session: Session) -> None:
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "http://[::1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ):
        assert client.post("/melden", data=new_report(), headers=headers).status_code == 403
    assert rows(session)[0] == 0
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/melden", data=new_report(), headers=own).status_code == 303


def test_a_robot_in_the_trap_is_held_and_not_refused(client: FlaskClient, session: Session) -> None:
    answer = send(client, new_report(website="https://spam.example"))
    assert answer.status_code == 303
    ticket = session.scalars(select(Ticket)).one()
    assert ticket.held
    assert client.get(f"/vorgang/{ticket.id}").status_code == 404


@pytest.mark.parametrize(("seconds", "held"), [(1.0, True), (30.0, False)])
def test_a_form_sent_faster_than_anybody_reads_is_held(
    client: FlaskClient, session: Session, clock: Clock, set_house: Callable[..., None], seconds: float, held: bool
) -> None:
    set_house(rate_limits=True)
    fields = hidden_fields(client.get("/melden").text)
    clock.pass_(seconds=seconds)
    send(client, new_report(**fields))
    assert session.scalars(select(Ticket)).one().held is held


def test_many_reports_from_one_network_are_held_then_stopped(
    client: FlaskClient, session: Session, set_house: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_house(rate_limits=True)
    monkeypatch.setattr(limits, "REPORTS_AT_ONCE_PUBLIC", RateLimitItemPerHour(2))
    monkeypatch.setattr(limits, "REPORTS", RateLimitItemPerHour(3))
    reports = [new_report() for _ in range(3)]
    assert [send(client, fields).status_code for fields in reports] == [303, 303, 303]
    assert [ticket.held for ticket in session.scalars(select(Ticket).order_by(Ticket.id))] == [False, False, True]
    assert send(client, new_report()).status_code == 429
    assert send(client, reports[0]).status_code == 303, "a repeat is not counted"


def test_a_refused_form_is_not_counted(
    client: FlaskClient, session: Session, set_house: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_house(rate_limits=True)
    monkeypatch.setattr(limits, "REPORTS_AT_ONCE_PUBLIC", RateLimitItemPerHour(1))
    for _ in range(3):
        assert send(client, new_report(category="")).status_code == 422
    send(client, new_report())
    assert not session.scalars(select(Ticket)).one().held


def test_a_store_that_is_away_takes_nothing_and_says_when_to_try_again(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    root = house(app).settings.photos
    root.parent.mkdir(parents=True, exist_ok=True)
    root.write_text("not a directory")
    answer = send(client, new_report(photos=photo()))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert sum(rows(session)) == 0


def test_a_body_above_the_limit_is_refused_kindly(app: Flask, client: FlaskClient, session: Session) -> None:
    many = [photo() for _ in range(2)]
    many[0][0].seek(65 * 1024 * 1024)
    many[0][0].write(b"x")
    many[0][0].seek(0)
    answer = send(client, new_report(photos=many))
    assert answer.status_code == 413
    assert "64 MB" in answer.text
    assert sum(rows(session)) == 0
    assert stored_files(house(app).settings.photos) == []
