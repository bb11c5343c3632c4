"""Looking up addresses while a report is written, and what becomes of the words in it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.store.models import Ticket
from tests.conftest import MONDAY
from tests.gazetteer import know_addresses
from tests.web.public.forms import new_report, send

TOWN_HALL = {"lat": "48.5369", "lon": "12.1522"}


@pytest.fixture(autouse=True)
def known(session: Session) -> None:
    know_addresses(session, MONDAY)


def test_suggestions_come_with_their_position_and_may_be_kept_an_hour(client: FlaskClient) -> None:
    answer = client.get("/api/v1/addresses", query_string={"q": "erfundne gasse 14"})
    assert answer.status_code == 200
    assert answer.get_json()[0] == {"label": "Erfundene Gasse 14, 84028 Landshut", "lon": 12.1524, "lat": 48.5371}
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "%",
        "\x00",
        "\ud800",
        "'; DROP TABLE addresses --",
        "x" * 100_000,
        "1" * 5000,
        "١٢",
        "💡" * 500,
        "straße" * 999,
    ],
)
def test_odd_words_find_nothing_and_hurt_nobody(client: FlaskClient, text: str) -> None:
    query = text.encode("utf-8", "surrogatepass")[:30_000]
    answer = client.get(b"/api/v1/addresses?q=".decode() + "".join(f"%{byte:02x}" for byte in query))
    assert answer.status_code == 200
    assert answer.get_json() == []


def test_a_place_in_the_city_is_named_by_the_nearest_house(client: FlaskClient) -> None:
    answer = client.get("/api/v1/addresses/nearest", query_string=TOWN_HALL)
    assert answer.get_json() == {"label": "bei Erfundene Gasse 12", "inside": True, "message": None}
    assert "public" not in answer.headers["Cache-Control"]
    english = client.get("/api/v1/addresses/nearest", query_string={**TOWN_HALL, "lang": "en"})
    assert english.get_json()["label"] == "near Erfundene Gasse 12"


def test_a_place_next_door_is_told_to_lie_there_before_the_form_is_filled(client: FlaskClient) -> None:
    answer = client.get("/api/v1/addresses/nearest", query_string={"lat": "48.5708", "lon": "12.1930"}).get_json()
    assert (answer["label"], answer["inside"]) == (None, False)
    assert "Ergolding" in answer["message"]
    assert "Markt Ergolding" in answer["message"]


@pytest.mark.parametrize(
    "query", [{}, {"lat": "x", "lon": "1"}, {"lat": "NaN", "lon": "1"}, {"lat": "91", "lon": "12"}]
)
def test_what_is_no_place_is_refused(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get("/api/v1/addresses/nearest", query_string=query)
    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] in ("place_not_a_number", "place_out_of_range")


def test_everybody_reads_at_once_which_house_the_lamp_stands_at(client: FlaskClient, session: Session) -> None:
    send(client, new_report())
    ticket = session.scalars(select(Ticket)).one()
    assert ticket.address == "bei Erfundene Gasse 12"
    assert "bei Erfundene Gasse 12" in client.get(f"/vorgang/{ticket.id}").text
    assert "bei Erfundene Gasse 12" in client.get("/meldungen").text
    assert "near Erfundene Gasse 12" in client.get(f"/vorgang/{ticket.id}?lang=en").text


def test_a_typed_address_becomes_a_pin_and_its_words_wait_for_a_clerk(
    client: FlaskClient, session: Session, work: Callable[[], int], mailbox: MemoryMailer
) -> None:
    send(client, new_report(lat=None, lon=None, address="Doktor Groesse Str. 7, 84034 Landshut"))
    ticket = session.scalars(select(Ticket)).one()
    assert ticket.place is not None
    assert (ticket.place.lon, ticket.place.lat) == pytest.approx((12.1602, 48.5402))
    assert [text.body for text in ticket.texts if text.kind == "address"] == ["Doktor Groesse Str. 7, 84034 Landshut"]
    page = client.get(f"/vorgang/{ticket.id}").text
    assert "bei Doktor-Größe-Straße 7" in page
    assert "Doktor Groesse Str. 7" not in page


@pytest.mark.parametrize("address", ["Erfundene Gasse", "Erfundene Gasse 12 im Hof", "Brücke hinter dem Bahnhof"])
def test_vague_words_stay_words(client: FlaskClient, session: Session, address: str) -> None:
    assert send(client, new_report(lat=None, lon=None, address=address)).status_code == 303
    ticket = session.scalars(select(Ticket)).one()
    assert (ticket.place, ticket.address) == (None, "")


def test_a_position_beats_a_typed_address(client: FlaskClient, session: Session) -> None:
    send(client, new_report(address="Doktor-Größe-Straße 7"))
    ticket = session.scalars(select(Ticket)).one()
    assert ticket.address == "bei Erfundene Gasse 12"
