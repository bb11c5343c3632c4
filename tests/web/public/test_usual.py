"""The report form offers what this city reports most, and counts only now and then."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.web.public.usual import forget_counts
from tests.conftest import Clock
from tests.reports import take_in


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    forget_counts()
    yield
    forget_counts()


def usual(client: FlaskClient) -> list[str]:
    page = client.get("/melden").text
    return page.split('data-usual="')[1].split('"')[0].split()


def test_the_most_frequent_categories_are_offered(client: FlaskClient, session: Session, clock: Clock) -> None:
    for category in ("graffiti", "graffiti", "gehweg"):
        take_in(session, clock(), category=category, answers={})
    assert usual(client)[:2] == ["graffiti", "gehweg"]


def test_tickets_are_counted_every_ten_minutes_and_forgotten_after_a_year(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    before = usual(client)
    take_in(session, clock(), category="graffiti", answers={})
    assert usual(client) == before
    clock.pass_(minutes=10)
    assert usual(client)[0] == "graffiti"
    clock.pass_(days=366)
    assert usual(client) == before
