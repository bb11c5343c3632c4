"""People of the staff for tests."""

import re
from collections.abc import Sequence
from datetime import datetime

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.services.administering.add_user import add_user
from maengelmelder.store.models import User

PASSWORD = "eine lange Wortfolge fuer Tests"
LOG_IN = "/verwaltung/anmelden"
MONDAY = datetime.fromisoformat("2026-03-02T09:00:00+00:00")

_cheap_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def add_clerk(
    session: Session,
    email: str,
    roles: Sequence[str] = ("clerk",),
    departments: Sequence[str] = (),
    name: str = "",
) -> User:
    """A person who can log in with PASSWORD; committed. The hash is argon2id with the least cost."""
    user = add_user(session, email, _cheap_hash, roles=roles, departments=departments, now=MONDAY, name=name)
    session.commit()
    return user


def log_in(client: FlaskClient, email: str, password: str = PASSWORD) -> FlaskClient:
    """Log in through the real page; the client stays logged in."""
    page = client.get(LOG_IN)
    response = client.post(LOG_IN, data={"email": email, "password": password, "csrf_token": token_in(page.text)})
    assert response.status_code == 302, "the log-in was refused"
    return client


def token_in(page: str) -> str:
    """The CSRF token of the first form on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no CSRF token"
    return found.group(1)


def hidden_in(page: str) -> dict[str, str]:
    """What a browser would send along with the ticket's forms: token, version, how much of the history was seen."""
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("csrf_token", "version", "seen")}
    return {name: match.group(1) for name, match in found.items() if match}
