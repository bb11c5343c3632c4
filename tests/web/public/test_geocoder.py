"""A geocoder helps where the city's own list of addresses knows nothing, and harms nobody when it is away."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.adapters.geocoding_nominatim import Nominatim
from maengelmelder.adapters.geocoding_photon import Photon
from maengelmelder.adapters.geocoding_source import Source
from maengelmelder.house import KEY, house
from maengelmelder.ports import Geocoder
from tests.conftest import MONDAY
from tests.gazetteer import know_addresses
from tests.geocoding_server import GeocodingServer, geocoding_server
from tests.web.public.forms import new_report, send

HOUSE = {"label": "Erfundene Gasse 14, 84028 Landshut", "lon": 12.1524, "lat": 48.5371}
THERE = {"lat": "48.5371", "lon": "12.1524"}
SEARCH, NEAREST = "/api/v1/addresses", "/api/v1/addresses/nearest"

Use = Callable[[Geocoder], None]


@pytest.fixture
def server() -> Iterator[GeocodingServer]:
    with geocoding_server() as running:
        yield running


@pytest.fixture
def use(app: Flask) -> Use:
    def use_(geocoder: Geocoder) -> None:
        app.extensions[KEY] = replace(house(app), geocoder=geocoder)

    return use_


@pytest.fixture
def source(server: GeocodingServer) -> Source:
    return Source(server.url, contact="http://localhost", seconds_between=0)


def search(client: FlaskClient, **query: str) -> Any:
    return client.get(SEARCH, query_string=query).get_json()


def test_what_the_citys_list_knows_is_asked_of_nobody_else(
    client: FlaskClient, session: Session, use: Use, server: GeocodingServer, source: Source
) -> None:
    know_addresses(session, MONDAY)
    use(Photon(source))
    assert search(client, q="Erfundene Gasse 14")[0] == HOUSE
    assert client.get(NEAREST, query_string=THERE).get_json()["label"].startswith("bei Erfundene Gasse")
    assert server.asked == []


def test_what_it_does_not_know_comes_from_the_geocoder(client: FlaskClient, use: Use, source: Source) -> None:
    use(Photon(source))
    assert search(client, q="Erfundene Gasse 14") == [HOUSE]
    assert client.get(NEAREST, query_string=THERE).get_json()["label"] == "bei Erfundene Gasse 14"


def test_nominatim_is_asked_only_for_a_whole_address(
    client: FlaskClient, use: Use, server: GeocodingServer, source: Source
) -> None:
    use(Nominatim(source))
    assert search(client, q="Erfundene Gasse 14") == []
    assert server.asked == []
    assert search(client, q="Erfundene Gasse 14", whole="1") == [HOUSE]


def test_nobody_hears_of_places_next_door(
    client: FlaskClient, use: Use, server: GeocodingServer, source: Source
) -> None:
    use(Nominatim(source))
    assert not client.get(NEAREST, query_string={"lat": "48.5708", "lon": "12.1930"}).get_json()["inside"]
    assert server.asked == []


def test_the_map_names_where_the_addresses_come_from(client: FlaskClient, use: Use, source: Source) -> None:
    assert "© OpenStreetMap" not in client.get("/").text
    use(Nominatim(source))
    assert "© OpenStreetMap" in client.get("/").text


def test_a_dead_geocoder_keeps_nobody_from_reporting(client: FlaskClient, use: Use) -> None:
    with socket.create_server(("127.0.0.1", 0)) as black_hole:
        use(Photon(Source(f"http://127.0.0.1:{black_hole.getsockname()[1]}", contact="")))
        answer = client.get(SEARCH, query_string={"q": "Erfundene Gasse 14"})
        assert (answer.status_code, answer.get_json()) == (200, [])
        assert answer.headers["Cache-Control"] == "no-store"
        assert client.get(NEAREST, query_string=THERE).get_json() == {"label": None, "inside": True, "message": None}
        assert send(client, new_report()).status_code == 303
