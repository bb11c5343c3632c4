"""The map's data for whoever asks, and clear answers to those who ask nonsense."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.domain.tickets import Status
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.models import Ticket
from tests.conftest import Clock
from tests.reports import take_in

AROUND = "12.10,48.50,12.20,48.57"


@pytest.fixture
def ask(client: FlaskClient) -> Callable[..., Any]:
    def get(**query: str) -> Any:
        answer = client.get(f"/api/v1/map?{urlencode({'bbox': AROUND, 'zoom': '15'} | query)}")
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    return get


@pytest.fixture
def pothole(session: Session, clock: Clock) -> Ticket:
    ticket = take_in(session, clock())
    session.commit()
    return ticket


def test_a_ticket_is_a_point_with_number_category_and_status(ask: Callable[..., Any], pothole: Ticket) -> None:
    place = pothole.place
    assert place
    point = [pothole.id, round(place.lon, 6), round(place.lat, 6), pothole.category.key, "received"]
    assert ask() == {"total": 1, "points": [point], "cells": []}


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({"status": "new"}, 1),
        ({"status": "received"}, 1),
        ({"status": "done,other"}, 0),
        ({"status": "scheduled"}, 0),
        ({"since": "2026-03-01"}, 1),
        ({"since": "2026-03-03"}, 0),
        ({"q": "keins davon"}, 0),
        ({"category": "nie gehört"}, 0),
        ({"bbox": "11.0,48.0,11.1,48.1"}, 0),
        ({"bbox": "-180,-90,180,90", "zoom": "0"}, 1),
        ({"zoom": "99"}, 1),
    ],
)
def test_filters_and_boxes(ask: Callable[..., Any], pothole: Ticket, query: dict[str, str], total: int) -> None:
    assert ask(**query)["total"] == total


def test_a_ticket_can_be_found_by_its_number_and_category(ask: Callable[..., Any], pothole: Ticket) -> None:
    assert ask(q=str(pothole.id))["total"] == 1
    assert ask(category=pothole.category.key)["total"] == 1


def test_many_tickets_in_one_place_become_one_cell_under_every_filter(
    ask: Callable[..., Any], session: Session, clock: Clock, pothole: Ticket
) -> None:
    for _ in range(41):
        take_in(session, clock())
    move(session, pothole, Wish(pothole.version, status="accepted"), actor="clerk", now=clock())
    session.commit()
    for query in ({}, {"since": "2026-03-01"}):
        found = ask(**query)
        assert found["points"] == []
        assert [cell[2:] for cell in found["cells"]] == [[41, 1, 0, 0]]


@pytest.mark.parametrize(
    "query",
    [
        "bbox=12.2,48.5,12.1,48.57",
        "bbox=NaN,48.5,12.1,48.57",
        "bbox=1,2,3",
        f"bbox={'1' * 10_000},48.5,12.1,48.57",
        "zoom=-1",
        "zoom=abc",
        f"zoom={'9' * 10_000}",
        "status=verschwunden",
        "since=gestern",
    ],
)
def test_nonsense_is_named(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/map?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["message"]


@pytest.mark.parametrize("words", ["NEAR(", '"', "*", ":", "%", "\0", "x" * 100_000])
def test_strange_words_find_nothing_and_break_nothing(ask: Callable[..., Any], pothole: Ticket, words: str) -> None:
    assert ask(q=words)["total"] in (0, 1)


def test_half_a_group_of_states_is_asked_of_the_tickets(ask: Callable[..., Any], pothole: Ticket) -> None:
    assert ask(status=Status.RECEIVED)["total"] == 1
    assert ask(status="accepted,received")["total"] == 1
