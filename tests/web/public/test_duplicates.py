"""Hints at what is reported already: near, of a kind, still there, and nothing that not everybody may see."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.domain.places import METRES_PER_DEGREE, Place
from maengelmelder.domain.tickets import Status
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.models import Ticket
from maengelmelder.web import limits
from tests.conftest import Clock
from tests.reports import ALTSTADT, POTHOLE, take_in

HERE = {"lat": str(ALTSTADT.lat), "lon": str(ALTSTADT.lon), "category": "laterne"}


def north(metres: float) -> Place:
    return Place(ALTSTADT.lon, ALTSTADT.lat + metres / METRES_PER_DEGREE)


def ask(client: FlaskClient, **changes: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/duplicates", query_string=HERE | changes)
    assert answer.status_code == 200, answer.text
    hints: list[dict[str, Any]] = answer.get_json()
    return hints


def numbers(client: FlaskClient, **changes: str) -> list[int]:
    return [hint["number"] for hint in ask(client, **changes)]


def set_status(session: Session, clock: Clock, ticket: Ticket, status: Status, **wish: str) -> None:
    move(session, ticket, Wish(ticket.version, status=status, **wish), "user:1", clock())
    session.commit()


def test_a_lamp_ten_metres_away_is_described_in_words(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), place=north(11))
    clock.pass_(days=3)
    (hint,) = ask(client)
    assert hint == {
        "number": ticket.id,
        "category": "laterne",
        "category_name": "Straßenlaterne defekt",
        "status": "received",
        "status_words": "Eingegangen",
        "receiver": "",
        "distance": 10,
        "age_words": "vor 3 Tagen gemeldet",
        "affected": 1,
        "affected_words": "",
        "photo": None,
        "photo_waits": False,
        "text": None,
        "url": f"/vorgang/{ticket.id}",
    }


def test_text_and_photo_show_after_their_release_only(
    client: FlaskClient, session: Session, clock: Clock, work: Callable[[], int]
) -> None:
    ticket = take_in(session, clock(), photos=(POTHOLE,))
    assert [(hint["photo"], hint["photo_waits"], hint["text"]) for hint in ask(client)] == [(None, True, None)]
    work()
    session.expire_all()
    ticket.photos[0].released_at = ticket.texts[0].released_at = clock()
    session.commit()
    (hint,) = ask(client)
    assert client.get(hint["photo"]).status_code == 200
    assert (hint["photo_waits"], hint["text"]) == (False, "Die Laterne vor dem Rathaus ist aus.")


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "heute gemeldet"), (1, "gestern gemeldet"), (2, "vor 2 Tagen gemeldet"), (70, "vor 2 Monaten gemeldet")],
)
def test_its_age_is_said_as_people_say_it(
    client: FlaskClient, session: Session, clock: Clock, days: int, words: str
) -> None:
    take_in(session, clock())
    clock.pass_(days=days)
    assert [hint["age_words"] for hint in ask(client)] == [words]


def test_the_two_likeliest_are_enough(client: FlaskClient, session: Session, clock: Clock) -> None:
    far, near, here = (take_in(session, clock(), place=north(metres)).id for metres in (40, 20, 0))
    assert numbers(client) == [here, near]
    assert far not in numbers(client)


def test_the_next_district_and_another_kind_are_nothing(client: FlaskClient, session: Session, clock: Clock) -> None:
    take_in(session, clock(), place=north(240))
    take_in(session, clock(), category="papierkorb", answers={})
    take_in(session, clock(), place=None, address="Altstadt 1")
    assert numbers(client) == []


def test_nothing_that_not_everybody_may_see(client: FlaskClient, session: Session, clock: Clock) -> None:
    take_in(session, clock(), held=True)
    take_in(session, clock(), category="schrottauto", answers={})
    merged, into = take_in(session, clock()), take_in(session, clock())
    merged.merged_into_id = into.id
    session.commit()
    assert numbers(client) == [into.id]
    assert numbers(client, category="schrottauto") == []


def test_what_was_mended_long_ago_or_declined_is_nothing(client: FlaskClient, session: Session, clock: Clock) -> None:
    mended, declined, forwarded = (take_in(session, clock()) for _ in range(3))
    set_status(session, clock, mended, Status.RESOLVED)
    set_status(session, clock, declined, Status.DECLINED, reason="no_defect")
    set_status(session, clock, forwarded, Status.FORWARDED, receiver="stba")
    hints = {hint["number"]: hint for hint in ask(client)}
    assert set(hints) == {mended.id, forwarded.id}
    assert hints[forwarded.id]["status_words"].startswith("Weitergegeben an ")
    clock.pass_(days=15)
    assert mended.id not in numbers(client)


def test_fifty_that_have_ended_hide_none_that_has_not(client: FlaskClient, session: Session, clock: Clock) -> None:
    ended = [take_in(session, clock()) for _ in range(50)]
    for ticket in ended:
        ticket.status, ticket.closed_at = Status.RESOLVED, clock()
    session.commit()
    clock.pass_(days=20)
    still_there = take_in(session, clock(), place=north(30))
    assert numbers(client) == [still_there.id]


def test_the_nearest_of_a_crowd_is_found(client: FlaskClient, session: Session, clock: Clock) -> None:
    for _ in range(55):
        take_in(session, clock(), place=north(60))
    nearest = take_in(session, clock(), place=north(-5))
    assert numbers(client)[0] == nearest.id


def test_outside_the_city_is_nothing(client: FlaskClient, session: Session, clock: Clock) -> None:
    take_in(session, clock())
    assert numbers(client, lat="48.1371", lon="11.5754") == []


def test_a_blurred_position_and_the_same_words_look_further(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    ticket = take_in(session, clock(), place=north(170), description="Alle Laternen im Grätzberg sind dunkel")
    assert numbers(client) == []
    assert numbers(client, accuracy="90") == [ticket.id]
    words = {"text": "Im Grätzberg sind alle Laternen dunkel"}
    assert numbers(client, **words) == []  # nobody learns by trying what a text says that is not released
    ticket.texts[0].released_at = clock()
    session.commit()
    assert numbers(client, **words) == [ticket.id]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lat": ""}, "lat"),
        ({"lon": ""}, "lon"),
        ({"lat": "", "lon": ""}, "lat"),
        ({"lat": "x"}, "lat"),
        ({"lat": "91"}, "lat"),
        ({"lon": "nan"}, "lon"),
        ({"lon": "1" * 500}, "lon"),
        ({"category": ""}, "category"),
        ({"category": "gibt-es-nicht"}, "category"),
        ({"category": "\0"}, "category"),
        ({"accuracy": "weit"}, "accuracy"),
        ({"accuracy": "-1"}, "accuracy"),
        ({"accuracy": "inf"}, "accuracy"),
        ({"text": "a" * 4001}, "text"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(client: FlaskClient, changes: dict[str, str], field: str) -> None:
    answer = client.get("/api/v1/duplicates", query_string=HERE | changes)
    assert answer.status_code == 400
    assert set(answer.get_json()["error"]["fields"]) == {field}


@pytest.mark.parametrize("text", ["\0", "\ud800", "😀" * 50, "%", "'; DROP TABLE tickets; --"])
def test_any_text_is_taken(client: FlaskClient, session: Session, clock: Clock, text: str) -> None:
    ticket = take_in(session, clock())
    assert numbers(client, text=text.encode("utf-8", "replace").decode()) == [ticket.id]


def test_a_phone_may_keep_it_a_minute_and_nobody_on_the_way(client: FlaskClient) -> None:
    assert client.get("/api/v1/duplicates", query_string=HERE).headers["Cache-Control"] == "private, max-age=60"
    with_text = client.get("/api/v1/duplicates", query_string=HERE | {"text": "Laterne"})
    assert with_text.headers["Cache-Control"] == "no-store"


def test_one_network_cannot_ask_without_end(client: FlaskClient, set_house: Callable[..., None]) -> None:
    set_house(rate_limits=True)
    answers = [
        client.get("/api/v1/duplicates", query_string=HERE).status_code for _ in range(limits.DUPLICATES.amount + 1)
    ]
    assert answers[-2:] == [200, 429]
