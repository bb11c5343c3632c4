"""Who may come in, and how often they may try."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.store.models import User
from tests.people import LOG_IN, PASSWORD, add_clerk, log_in, token_in

LOG_OUT = "/verwaltung/abmelden"
INBOX = "/verwaltung/"


@pytest.fixture
def anna(session: Session) -> str:
    add_clerk(session, "anna@stadt.example", departments=["tba"], name="Anna Huber")
    return "anna@stadt.example"


def _try(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> tuple[int, str, str]:
    token = token_in(client.get(LOG_IN).text)
    data = {"email": email, "password": password, "csrf_token": token} | more
    response = client.post(LOG_IN, data=data)
    return response.status_code, response.headers.get("Location", ""), response.text


def test_a_clerk_logs_in_and_sees_the_inbox(client: FlaskClient, anna: str) -> None:
    assert _try(client, anna)[:2] == (302, INBOX)
    page = client.get(INBOX)
    assert page.status_code == 200
    assert "Anna Huber" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_address_may_be_typed_in_capitals(client: FlaskClient, anna: str) -> None:
    assert _try(client, anna.upper())[0] == 302


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: FlaskClient, anna: str) -> None:
    wrong = _try(client, anna, "falsch falsch falsch")
    unknown = _try(client, "niemand@stadt.example", "falsch falsch falsch")
    assert wrong[0] == unknown[0] == 422
    plain = [re.sub(r'value="[^"]*"', "", page) for page in (wrong[2], unknown[2])]
    assert plain[0] == plain[1]
    assert "stimmt nicht" in wrong[2]
    assert client.get(INBOX).status_code == 303


def test_the_password_never_comes_back(client: FlaskClient, anna: str) -> None:
    assert "sehr geheim" not in _try(client, anna, "sehr geheim sehr geheim")[2]


def test_an_account_that_was_closed_stays_out(client: FlaskClient, session: Session, anna: str) -> None:
    session.query(User).filter_by(email=anna).one().active = False
    session.commit()
    assert _try(client, anna)[0] == 422


def test_without_the_forms_token_nobody_logs_in(client: FlaskClient, anna: str) -> None:
    client.get(LOG_IN)
    response = client.post(LOG_IN, data={"email": anna, "password": PASSWORD})
    assert response.status_code in (400, 422)
    assert client.get(INBOX).status_code == 303


def test_json_is_no_way_around_the_form(client: FlaskClient, anna: str) -> None:
    response = client.post(f"{LOG_IN}?include_auth_token", json={"email": anna, "password": PASSWORD})
    assert response.status_code == 400
    assert client.get(INBOX).status_code == 303


def test_a_token_from_elsewhere_is_no_log_in(client: FlaskClient, session: Session, anna: str) -> None:
    user = session.query(User).filter_by(email=anna).one()
    token = user.get_auth_token()
    assert client.get(INBOX, headers={"Authentication-Token": token}).status_code == 303
    assert client.get(INBOX, query_string={"auth_token": token}).status_code == 303


def test_nobody_is_remembered_beyond_the_session(client: FlaskClient, anna: str) -> None:
    _try(client, anna, remember="y")
    assert client.get_cookie("remember_token") is None


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client: FlaskClient, anna: str) -> None:
    token = token_in(client.get(LOG_IN).text)
    response = client.post(LOG_IN, data={"email": anna, "password": PASSWORD, "csrf_token": token})
    cookie = next(value for value in response.headers.getlist("Set-Cookie") if value.startswith("session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie  # ends by itself


def test_the_session_is_a_new_one_after_the_log_in(client: FlaskClient, anna: str) -> None:
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    before = token_in(client.get(LOG_IN).text)
    log_in(client, anna)
    with client.session_transaction() as session:
        assert "planted" not in session
    assert client.post(LOG_OUT, data={"csrf_token": before}).status_code != 302
    assert client.get(INBOX).status_code == 200


def test_after_the_log_out_a_copied_cookie_is_worth_nothing(app: Flask, client: FlaskClient, anna: str) -> None:
    log_in(client, anna)
    copied = client.get_cookie("session")
    assert copied is not None
    response = client.post(LOG_OUT, data={"csrf_token": token_in(client.get(INBOX).text)})
    assert (response.status_code, response.headers["Location"]) == (302, LOG_IN)
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.get(INBOX).status_code == 303
    assert client.get(INBOX).status_code == 303


def test_a_link_cannot_log_anybody_out(client: FlaskClient, anna: str) -> None:
    log_in(client, anna)
    assert client.get(LOG_OUT).status_code == 405
    page = client.post(LOG_OUT)  # as another site would send it
    assert page.status_code in (400, 422)
    assert client.get(INBOX).status_code == 200


def test_who_comes_for_a_page_lands_there_after_the_log_in(client: FlaskClient, anna: str) -> None:
    response = client.get("/verwaltung/?view=all&q=Loch")
    assert response.status_code == 303
    page = client.get(response.headers["Location"])
    wish = re.search(r'name="next" value="([^"]+)"', page.text)
    assert wish is not None
    assert _try(client, anna, next=wish.group(1).replace("&amp;", "&"))[1] == "/verwaltung/?view=all&q=Loch"


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "\\evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "///evil.example",
        "https://evil.example/verwaltung/",
        "https:evil.example",
        "/verwaltung/\\..\\..\\evil",
        "/\t/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "/verwaltung/\r\nSet-Cookie: a=b",
        "/verwaltung.evil.example/",
        "@evil.example",
    ],
)
def test_the_log_in_leads_to_no_other_place(client: FlaskClient, anna: str, evil: str) -> None:
    page = client.get(LOG_IN, query_string={"next": evil})
    assert page.status_code == 200
    assert 'name="next"' not in page.text
    assert _try(client, anna, next=evil)[1] == INBOX
    already = client.get(LOG_IN, query_string={"next": evil})
    assert already.headers["Location"] == INBOX


def test_guessing_one_persons_password_ends_after_five_tries(
    client: FlaskClient, anna: str, set_house: Callable[..., None]
) -> None:
    set_house(rate_limits=True)
    for _ in range(5):
        assert _try(client, anna, "falsch falsch falsch")[0] == 422
    assert _try(client, anna)[0] == 429


def test_a_whole_office_may_log_in_behind_one_address(
    app: Flask, session: Session, set_house: Callable[..., None]
) -> None:
    set_house(rate_limits=True)
    for number in range(8):
        add_clerk(session, f"clerk{number}@stadt.example")
        log_in(app.test_client(), f"clerk{number}@stadt.example")


def test_the_librarys_own_pages_stay_shut(app: Flask, client: FlaskClient, anna: str) -> None:
    log_in(client, anna)
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")]
    assert rules
    for rule in rules:
        if rule.endpoint not in ("security.login", "security.logout"):
            path = re.sub(r"<[^>]+>", "css/base.css", rule.rule)
            assert client.get(path).status_code in (404, 405), rule
            assert client.post(path).status_code in (404, 405), rule


def test_a_password_is_kept_as_argon2id_of_the_intended_cost(client: FlaskClient, session: Session, anna: str) -> None:
    log_in(client, anna)
    kept = session.query(User).filter_by(email=anna).one().password
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("page", [INBOX, "/verwaltung/vorgang/1", "/verwaltung/foto/" + "a" * 32 + "/small"])
def test_strangers_are_sent_to_the_log_in(client: FlaskClient, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 303
    assert response.headers["Location"].startswith(LOG_IN)
    machine = client.get(page, headers={"Accept": "application/json"})
    assert machine.status_code == 401
    assert json.loads(machine.text)["error"]["code"] == "log_in_needed"


def test_the_log_in_page_speaks_english_too(client: FlaskClient) -> None:
    assert 'lang="en"' in client.get(LOG_IN, query_string={"lang": "en"}).text


def test_machines_get_json_when_they_may_not(client: FlaskClient) -> None:
    assert client.post("/verwaltung/vorgang/1/status").status_code == 303


def test_a_session_ends_when_nobody_used_it_for_long(
    app: Flask, client: FlaskClient, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(client, anna)
    assert app.permanent_session_lifetime.total_seconds() == 8 * 3600
    monkeypatch.setitem(app.config, "PERMANENT_SESSION_LIFETIME", -1)
    assert client.get(INBOX).status_code == 303


@pytest.mark.parametrize("password", ["x" * 100_000, "😀" * 1001, "\x00", "mit\x00drin", "😀" * 1000])
def test_no_password_breaks_the_log_in(client: FlaskClient, anna: str, password: str) -> None:
    assert _try(client, anna, password)[0] in (400, 422)
