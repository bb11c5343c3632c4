"""The reporter's page under the secret link."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from limits import RateLimitItemPerHour
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.tickets import Status
from maengelmelder.house import house
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.reporting.confirm_address import address_signer
from maengelmelder.store.models import Photo, Report, Ticket
from maengelmelder.web import limits
from tests.conftest import MONDAY
from tests.web.public.forms import new_report, photo, send


def only_ticket(session: Session) -> Ticket:
    session.rollback()
    return session.scalars(select(Ticket)).one()


def test_the_page_is_kept_by_nobody_and_found_by_no_search_engine(client: FlaskClient) -> None:
    answer = client.get(send(client, new_report()).location)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_reporter_sees_everything_that_was_sent_and_what_becomes_of_it(client: FlaskClient) -> None:
    page = client.get(send(client, new_report(address="Altstadt 315", photos=photo())).location).text
    for words in ("Die Laterne ist aus.", "Altstadt 315", "wird geprüft", "Das Foto wird gerade verarbeitet."):
        assert words in page
    assert "Stadtwerke" in page


def test_the_reporter_alone_sees_the_photo_before_its_release(
    client: FlaskClient, session: Session, work: Callable[[], int]
) -> None:
    own = send(client, new_report(photos=photo())).location
    work()
    key = session.scalars(select(Photo.key)).one()
    source = re.search(rf'src="(/foto/{key}/large\?sig=[^"]+)"', client.get(own).text)
    assert source
    answer = client.get(source[1])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"/foto/{key}/large").status_code == 404
    assert client.get(f"/foto/{key}/large?sig=falsch").status_code == 404


def test_a_photo_link_ends_and_fits_no_other_photo(
    app: Flask, client: FlaskClient, session: Session, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, new_report(photos=[photo(), photo()]))
    work()
    first, second = session.scalars(select(Photo.key))
    signature = URLSafeTimedSerializer(house(app).settings.secret_key, salt="photo-link").dumps(first)
    assert client.get(f"/foto/{first}/small?sig={signature}").status_code == 200
    assert client.get(f"/foto/{second}/small?sig={signature}").status_code == 404
    monkeypatch.setattr("maengelmelder.web.public.photos.VALID_SECONDS", -1)
    assert client.get(f"/foto/{first}/small?sig={signature}").status_code == 404


def test_an_unknown_secret_is_a_page_that_does_not_exist(client: FlaskClient) -> None:
    for secret in ("x", "x" * 43, "x" * 5000, "%00" * 43, "ä" * 43):
        assert client.get(f"/meine/{secret}").status_code == 404


def test_guessing_secrets_is_stopped_and_knowing_one_is_not_counted(
    client: FlaskClient, set_house: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_house(rate_limits=True)
    monkeypatch.setattr(limits, "SECRETS", RateLimitItemPerHour(2))
    own = send(client, new_report()).location
    assert [client.get(own).status_code for _ in range(4)] == [200] * 4
    assert [client.get("/meine/" + "x" * 43).status_code for _ in range(3)] == [404, 404, 429]
    assert client.get(own).status_code == 200


def test_taking_back_asks_first_and_then_leaves_the_map(client: FlaskClient, session: Session) -> None:
    own = send(client, new_report()).location
    assert "zurückziehen?" in client.get(f"{own}/zurueckziehen").text
    assert only_ticket(session).status == Status.RECEIVED
    assert client.post(f"{own}/zurueckziehen").status_code == 303
    ticket = only_ticket(session)
    assert (ticket.status, ticket.decline_reason, ticket.published_at) == (Status.DECLINED, "withdrawn", None)
    assert client.get(f"/vorgang/{ticket.id}").status_code == 404
    assert "zurückgezogen" in client.get(own).text


def test_what_is_done_cannot_be_taken_back(client: FlaskClient, session: Session) -> None:
    own = send(client, new_report()).location
    ticket = only_ticket(session)
    move(session, ticket, Wish(ticket.version, status=Status.RESOLVED), "user:1", MONDAY)
    session.commit()
    assert client.get(f"{own}/zurueckziehen").location == own
    answer = client.post(f"{own}/zurueckziehen")
    assert answer.status_code == 409
    assert only_ticket(session).status == Status.RESOLVED


def test_nobody_else_can_take_it_back(client: FlaskClient, session: Session) -> None:
    own = send(client, new_report()).location
    assert client.post(f"{own}/zurueckziehen", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/meine/" + "x" * 43 + "/zurueckziehen").status_code == 404
    assert only_ticket(session).status == Status.RECEIVED


def test_the_answer_of_the_city_is_there_and_its_notes_are_not(client: FlaskClient, session: Session) -> None:
    own = send(client, new_report()).location
    ticket = only_ticket(session)
    wish = Wish(ticket.version, status=Status.SCHEDULED, answer="Wir kommen am Montag.", note="Nur für uns.")
    move(session, ticket, wish, "user:1", MONDAY)
    session.commit()
    for page in (client.get(own).text, client.get(f"/vorgang/{ticket.id}").text):
        assert "Wir kommen am Montag." in page
        assert "Eingeplant" in page
        assert "Nur für uns." not in page


def test_an_address_is_confirmed_by_pressing_the_button_only(app: Flask, client: FlaskClient, session: Session) -> None:
    send(client, new_report(email="buergerin@example.org"))
    report = session.scalars(select(Report)).one()
    link = "/bestaetigen/" + address_signer(house(app).settings.secret_key).dumps([report.id, report.email])
    assert "Ja, Adresse bestätigen" in client.get(link).text
    assert _confirmations(session) == [None]
    for _ in range(2):
        assert "bestätigt" in client.post(link).text
    assert None not in _confirmations(session)
    assert client.post(link, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_forged_old_or_foreign_token_confirms_nothing(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, new_report(email="buergerin@example.org"))
    report = session.scalars(select(Report)).one()
    key = house(app).settings.secret_key
    good = address_signer(key).dumps([report.id, report.email])
    other_purpose = URLSafeTimedSerializer(key, salt="photo-link").dumps([report.id, report.email])
    other_address = address_signer(key).dumps([report.id, "andere@example.org"])
    nonsense = [address_signer(key).dumps(what) for what in ("x", [1], {"a": 1}, ["x", report.email], [True, ""])]
    for token in ("x", good + "x", good[:-1], other_purpose, other_address, *nonsense):
        answer = client.post(f"/bestaetigen/{token}")
        assert answer.status_code == 404, token
        assert "gilt nicht mehr" in answer.text
    monkeypatch.setattr("maengelmelder.services.reporting.confirm_address.VALID_SECONDS", -1)
    assert client.post(f"/bestaetigen/{good}").status_code == 404
    assert _confirmations(session) == [None]


def _confirmations(session: Session) -> list[datetime | None]:
    session.rollback()
    return list(session.scalars(select(Report.email_confirmed_at)))


def test_the_list_of_ones_own_reports_says_kindly_that_it_needs_scripts(client: FlaskClient) -> None:
    assert "braucht JavaScript" in client.get("/meine").text
