"""What every answer of the house has in common."""

import json
import re
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import SQLAlchemyError

from maengelmelder.database import db
from maengelmelder.store.models import Role
from maengelmelder.web.headers import CONTENT_SECURITY_POLICY
from maengelmelder.web.transactions import ForgottenCommit, commits

SAMPLES = {
    "number": "1",
    "secret": "x" * 43,
    "key": "k" * 32,
    "size": "small",
    "token": "t",
    "z": "14",
    "x": "8745",
    "y": "5660",
    "category": "laterne",
    "filename": "css/base.css",
    "page": "impressum",
}


def addresses(app: Flask) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    return sorted({re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda m: SAMPLES.get(m[1], "1"), r.rule) for r in rules})


def test_every_address_carries_the_security_headers_and_none_breaks(app: Flask, client: FlaskClient) -> None:
    for address in addresses(app):
        response = client.get(address)
        assert response.status_code < 500, address
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        policy = response.headers["Content-Security-Policy"]
        assert policy == CONTENT_SECURITY_POLICY or "sandbox" in policy, address
        response.close()


def test_head_and_odd_methods_never_break(app: Flask, client: FlaskClient) -> None:
    for address in addresses(app):
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"):
            response = client.open(address, method=method)
            assert response.status_code < 500, f"{method} {address}"
            response.close()


def test_an_unknown_page_says_so_kindly(client: FlaskClient) -> None:
    response = client.get("/gibt-es-nicht")
    assert response.status_code == 404
    assert "Diese Seite gibt es nicht" in response.get_data(as_text=True)


def test_machines_get_errors_in_one_shape(client: FlaskClient) -> None:
    response = client.get("/gibt-es-nicht", headers={"Accept": "application/json"})
    assert set(response.json["error"]) == {"code", "message", "fields"}  # type: ignore[index]


def test_a_get_cannot_write(app: Flask, client: FlaskClient) -> None:
    def careless() -> str:
        db.session.add(Role(name="ghost"))
        db.session.commit()
        return "written"

    # what PostgreSQL says is not one of the faults that pass by themselves, and comes through in tests
    with added_route(app, "/careless", careless, ["GET"]) as address, suppress(SQLAlchemyError):
        assert client.get(address).status_code in (500, 503)
    with app.app_context():
        assert db.session.query(Role).count() == 0


def test_a_forgotten_commit_is_caught(app: Flask, client: FlaskClient) -> None:
    def forgetful() -> str:
        db.session.add(Role(name="ghost"))
        db.session.flush()
        return "ok"

    with added_route(app, "/forgetful", forgetful, ["POST"]) as address, pytest.raises(ForgottenCommit):
        client.post(address)


def test_a_refused_request_keeps_nothing(app: Flask, client: FlaskClient) -> None:
    @commits
    def refused() -> tuple[dict[str, str], int]:
        db.session.add(Role(name="ghost"))
        db.session.flush()
        return {"kept": "nothing"}, 422

    with added_route(app, "/refused", refused, ["POST"]) as address:
        assert client.post(address).status_code == 422
    with app.app_context():
        assert db.session.query(Role).count() == 0


class added_route:  # noqa: N801 - used as `with added_route(…)`
    """A route for one test; Flask takes no new ones after the first request, its map does."""

    def __init__(self, app: Flask, address: str, view: Any, methods: list[str]) -> None:
        self.app, self.address, self.view, self.methods = app, address, view, methods

    def __enter__(self) -> str:
        from werkzeug.routing import Rule

        self.app.view_functions[self.address] = self.view
        self.app.url_map.add(Rule(self.address, endpoint=self.address, methods=self.methods))
        self.app.url_map.update()
        return self.address

    def __exit__(self, *_: object) -> None:
        self.app.view_functions[self.address] = lambda: ({"route": "gone"}, 404)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "de"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "en"),
        ({"Accept-Language": "fr,it;q=0.8"}, "de"),
        ({"Accept-Language": "x" * 20_000}, "de"),
    ],
)
def test_pages_speak_the_browsers_language_else_german(
    client: FlaskClient, headers: dict[str, str], expected: str
) -> None:
    assert f'<html lang="{expected}"' in client.get("/gibt-es-nicht", headers=headers).get_data(as_text=True)


def test_a_chosen_language_is_remembered(client: FlaskClient) -> None:
    client.get("/gibt-es-nicht?lang=en")
    assert '<html lang="en"' in client.get("/gibt-es-nicht").get_data(as_text=True)
    client.get("/gibt-es-nicht?lang=klingon")
    assert '<html lang="en"' in client.get("/gibt-es-nicht").get_data(as_text=True)


def test_nobody_gets_a_cookie_for_reading(client: FlaskClient) -> None:
    for address in ("/", "/meldungen", "/melden", "/impressum"):
        assert "Set-Cookie" not in client.get(address).headers, address


def test_the_log_names_the_route_and_not_the_secret(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/meine/" + "s" * 43 + "?lat=48.53&email=rosa@example.org")
    logged = capsys.readouterr().out
    assert "/meine/" in logged
    for private in ("sss", "48.53", "rosa"):
        assert private not in logged


def test_the_house_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert json.loads(ready.data)["status"] == "ok"
