"""Every page behind the log-in, for everybody who might ask for it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.store.models import Department, Ticket, User
from tests.conftest import Clock
from tests.people import LOG_IN, hidden_in
from tests.reports import take_in
from tests.web.staff.conftest import LAMPS, Enter

LOG_IN_FIRST, FORBIDDEN, UNKNOWN = 303, 403, 404

PEOPLE = {
    "anonymous": (),
    "clerk of another department": ("clerk", "sga"),
    "reader of another department": ("reader", "sga"),
    "nobody's clerk": ("clerk",),
    "reader": ("reader", LAMPS),
    "reading along": ("clerk", "tba"),
    "clerk": ("clerk", LAMPS),
    "field": ("field", LAMPS),
    "desk": ("desk",),
    "administrator": ("administrator",),
}
STRANGERS = ("clerk of another department", "reader of another department", "nobody's clerk")
LOOKERS = ("reader", "reading along")
HANDLERS = ("clerk", "field", "desk", "administrator")

POSTS = {
    "status": {"status": "accepted"},
    "abgeben": {"department": "gebaeude"},
    "nicht-zustaendig": {"note": "Nicht unseres"},
    "freigabe": {"decision": "release"},
    "veroeffentlichen": {},
}


@pytest.fixture
def number(session: Session, clock: Clock) -> int:
    """A held ticket of the Stadtwerke that the Tiefbauamt reads along."""
    ticket = take_in(session, clock(), held=True)
    ticket.copies = [session.query(Department).filter_by(key="tba").one()]
    session.commit()
    return ticket.id


def somebody(app: Flask, enter: Enter, who: str) -> FlaskClient:
    return enter(*PEOPLE[who]) if PEOPLE[who] else app.test_client()


def expected(who: str, *, change: bool) -> int:
    if who == "anonymous":
        return LOG_IN_FIRST
    if who in STRANGERS:
        return UNKNOWN
    if who in LOOKERS:
        return FORBIDDEN if change else 200
    return 303 if change else 200


@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_look(app: Flask, enter: Enter, number: int, who: str) -> None:
    client = somebody(app, enter, who)
    response = client.get(f"/verwaltung/vorgang/{number}")
    assert response.status_code == expected(who, change=False)
    assert response.headers["Cache-Control"] == "no-store"
    inbox = client.get("/verwaltung/?view=all")
    assert inbox.status_code == (LOG_IN_FIRST if who == "anonymous" else 200)
    assert (f"/verwaltung/vorgang/{number}" in inbox.text) == (who in LOOKERS + HANDLERS)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("form", POSTS)
def test_who_may_change(app: Flask, enter: Enter, session: Session, number: int, who: str, form: str) -> None:
    client = somebody(app, enter, who)
    page = client.get("/verwaltung/").text
    token = hidden_in(page).get("csrf_token", "")
    ticket = session.get_one(Ticket, number)
    text = str(ticket.texts[0].id)
    data = POSTS[form] | {"csrf_token": token, "version": "1", "seen": "2", "text": text}
    response = client.post(f"/verwaltung/vorgang/{number}/{form}", data=data)
    assert response.status_code == expected(who, change=True)
    if who == "anonymous":
        assert response.headers["Location"].startswith(LOG_IN)
    session.rollback()
    assert session.get_one(Ticket, number).version == (2 if who in HANDLERS else 1)


@pytest.mark.parametrize("who", STRANGERS)
def test_unknown_and_forbidden_look_the_same(app: Flask, enter: Enter, number: int, who: str) -> None:
    client = somebody(app, enter, who)
    forbidden = client.get(f"/verwaltung/vorgang/{number}")
    unknown = client.get(f"/verwaltung/vorgang/{number + 1}")
    assert (forbidden.status_code, forbidden.text.replace(str(number), "n")) == (
        unknown.status_code,
        unknown.text.replace(str(number + 1), "n"),
    )


def test_no_page_behind_the_log_in_is_forgotten_here(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("staff.")}
    forms = {match.group(1) for rule in rules if (match := re.search(r"number>/(.+)$", rule))}
    assert forms == set(POSTS)


def test_every_page_of_the_staff_asks_for_the_log_in(app: Flask, client: FlaskClient) -> None:
    samples = {"number": "1", "key": "k" * 32, "size": "small"}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("staff."):
            path = re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda match: samples[match[1]], rule.rule)
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                response = client.open(path, method=method)
                assert response.status_code == LOG_IN_FIRST, f"{method} {path}"
                assert LOG_IN in response.headers["Location"]


def test_an_account_that_is_closed_loses_its_open_session(enter: Enter, session: Session, number: int) -> None:
    client = enter("clerk", LAMPS)
    assert client.get(f"/verwaltung/vorgang/{number}").status_code == 200
    session.query(User).update({"active": False})
    session.commit()
    assert client.get(f"/verwaltung/vorgang/{number}").status_code == LOG_IN_FIRST


def test_who_leaves_a_department_loses_its_tickets_at_once(enter: Enter, session: Session, number: int) -> None:
    client = enter("clerk", LAMPS)
    session.query(User).one().departments = []
    session.commit()
    assert client.get(f"/verwaltung/vorgang/{number}").status_code == UNKNOWN
