"""Clerks, the desk, and browsers in which they have logged in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.people import add_clerk, log_in

Enter = Callable[..., FlaskClient]


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
