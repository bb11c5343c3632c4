"""Clerks, the desk, and browsers in which they have logged in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from maengelmelder.database import db
from maengelmelder.store.models import Ticket
from tests.conftest import Clock
from tests.people import add_clerk, hidden_in, log_in
from tests.reports import take_in

Enter = Callable[..., FlaskClient]
LAMPS = "swl_licht"  # who has to do with street lamps


def open_page(client: FlaskClient, number: int) -> dict[str, str]:
    """What the page's forms would send along."""
    return hidden_in(client.get(f"/verwaltung/vorgang/{number}").text)


def send(client: FlaskClient, number: int, form: str, **data: str) -> TestResponse:
    """Open the page and send one of its forms."""
    return client.post(f"/verwaltung/vorgang/{number}/{form}", data=open_page(client, number) | data)


def state_of(session: Session, number: int) -> tuple[str, str, int, int]:
    """Status, department, version and length of the history, as they stand now."""
    session.rollback()
    ticket = session.get_one(Ticket, number)
    return ticket.status, ticket.department.key, ticket.version, len(ticket.events)


def count_queries(app: Flask, ask: Callable[[], object]) -> int:
    """How many times the database is asked for rows."""
    with app.app_context():
        engine = db.engine
    seen: list[str] = []

    def count(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", count)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len([statement for statement in seen if statement.lstrip().upper().startswith("SELECT")])


@pytest.fixture
def enter(app: Flask, session: Session) -> Enter:
    """Log a new person in: `enter("clerk", "tba")` is a clerk of the Tiefbauamt in a browser of their own."""

    def new(role: str = "clerk", *departments: str, name: str = "") -> FlaskClient:
        email = f"{role}-{'-'.join(departments) or 'none'}-{new_number()}@stadt.example"
        add_clerk(session, email, [role], departments, name or f"{role} {'/'.join(departments)}")
        return log_in(app.test_client(), email)

    taken: list[int] = []

    def new_number() -> int:
        taken.append(1)
        return len(taken)

    return new


@pytest.fixture
def number(session: Session, clock: Clock) -> int:
    """A street lamp, with the Stadtwerke."""
    return take_in(session, clock()).id
