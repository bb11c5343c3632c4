"""What every geocoder promises, and what asking one over the net promises on top."""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from maengelmelder.adapters.geocoding import MemoryGeocoder, geocoder_for
from maengelmelder.adapters.geocoding_nominatim import Nominatim
from maengelmelder.adapters.geocoding_photon import Photon
from maengelmelder.adapters.geocoding_source import TIMEOUT_SECONDS, Source
from maengelmelder.domain.addresses import Address
from maengelmelder.domain.places import Bounds, Place
from maengelmelder.ports import Geocoder, GeocoderUnavailable
from tests.conftest import settings_for
from tests.geocoding_server import NOMINATIM_HOUSE, GeocodingServer, geocoding_server

LANDSHUT = Bounds(12.0, 48.4, 12.3, 48.6)
HOUSE = Address("Erfundene Gasse", Place(12.1524, 48.5371), "14", "84028", "Landshut")
IN_BERLIN = replace(HOUSE, place=Place(13.4, 52.5))


@pytest.fixture
def server() -> Iterator[GeocodingServer]:
    with geocoding_server() as running:
        yield running


@pytest.fixture
def source(server: GeocodingServer) -> Source:
    return Source(server.url, contact="https://melder.example", seconds_between=0)


@pytest.fixture(params=["nominatim", "photon", "memory"])
def geocoder(request: pytest.FixtureRequest, source: Source) -> Geocoder:
    kinds: dict[str, Callable[[], Geocoder]] = {
        "nominatim": lambda: Nominatim(source),
        "photon": lambda: Photon(source),
        "memory": lambda: MemoryGeocoder([IN_BERLIN, HOUSE]),
    }
    return kinds[request.param]()


def test_an_address_is_found_with_all_its_parts_and_only_in_the_city(geocoder: Geocoder) -> None:
    assert geocoder.search("Erfundene Gasse 14", LANDSHUT, 8) == [HOUSE]


def test_a_street_that_is_nowhere_is_not_found(geocoder: Geocoder) -> None:
    assert geocoder.search("Nirgendwogasse 1", LANDSHUT, 8) == []


def test_a_place_is_named_by_the_house_there(geocoder: Geocoder) -> None:
    assert geocoder.reverse(Place(12.1524, 48.5371)) == HOUSE


def test_a_place_in_the_wilderness_has_no_name(geocoder: Geocoder) -> None:
    assert geocoder.reverse(Place(12.1, 47.0)) is None


def test_the_service_hears_who_asks_and_where_to_look(server: GeocodingServer, source: Source) -> None:
    Nominatim(source).search("Erfundene Gasse 14", LANDSHUT, 3)
    path, query = server.asked[0]
    assert path == "/search"
    assert query | {"viewbox": "12.0000,48.6000,12.3000,48.4000", "bounded": "1", "limit": "3"} == query
    assert server.agents == ["Maengelmelder (+https://melder.example)"]


def test_the_same_question_is_asked_once_a_day(server: GeocodingServer, source: Source) -> None:
    for _ in range(3):
        Photon(source).search("Erfundene Gasse 14", LANDSHUT, 8)
    assert len(server.asked) == 1


def test_a_second_lies_between_two_questions(server: GeocodingServer) -> None:
    photon = Photon(Source(server.url, contact="", seconds_between=0.3))
    began = time.monotonic()
    for street in ("Eins", "Zwei", "Drei"):
        photon.search(street, LANDSHUT, 8)
    assert time.monotonic() - began >= 0.6


def test_a_dead_service_costs_one_wait_and_is_then_left_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as black_hole:  # takes the call and never says a word
        source = Source(f"http://127.0.0.1:{black_hole.getsockname()[1]}", contact="")
        began = time.monotonic()
        with pytest.raises(GeocoderUnavailable):
            Nominatim(source).search("Altstadt", LANDSHUT, 8)
        first = time.monotonic() - began
        with pytest.raises(GeocoderUnavailable):
            Nominatim(source).reverse(HOUSE.place)
    assert first < TIMEOUT_SECONDS + 0.5
    assert time.monotonic() - began - first < 0.1


def test_after_its_rest_the_service_is_asked_again(server: GeocodingServer) -> None:
    photon = Photon(Source(server.url, contact="", rest_seconds=0.2, seconds_between=0))
    server.fault = (503, {}, b"busy")
    with pytest.raises(GeocoderUnavailable):
        photon.search("Erfundene Gasse 14", LANDSHUT, 8)
    server.fault = None
    time.sleep(0.25)
    assert photon.search("Erfundene Gasse 14", LANDSHUT, 8) == [HOUSE]


def test_an_answer_that_drips_is_not_waited_for(server: GeocodingServer, source: Source) -> None:
    server.drip = True
    began = time.monotonic()
    with pytest.raises(GeocoderUnavailable):
        Nominatim(source).reverse(HOUSE.place)
    assert time.monotonic() - began < TIMEOUT_SECONDS + 0.5


@pytest.mark.parametrize(
    "fault",
    [
        (429, {}, b"slow down"),
        (500, {}, b""),
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (200, {}, b"<html>"),
        (200, {}, b"[" * 200_000),
        (200, {}, b'"' + b"x" * 300_000 + b'"'),
    ],
    ids=["too often", "broken", "elsewhere", "no json", "too deep", "too long"],
)
def test_what_is_no_answer_is_a_failure(
    server: GeocodingServer, source: Source, fault: tuple[int, dict[str, str], bytes]
) -> None:
    server.fault = fault
    with pytest.raises(GeocoderUnavailable):
        Photon(source).search("Erfundene Gasse", LANDSHUT, 8)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"null",
        b"[1, null, {}]",
        b'{"features": 1}',
        b'{"features": [{"properties": {"street": 1}, "geometry": null}]}',
        b'{"features": [{"properties": {"name": "X"}, "geometry": {"coordinates": ["x", 999]}}]}',
        b'[{"lat": "x", "lon": "1", "address": {"road": "A"}}, {"lat": "1", "lon": "1", "address": {}}]',
    ],
)
def test_odd_answers_are_passed_over(server: GeocodingServer, source: Source, body: bytes) -> None:
    server.fault = (200, {}, body)
    assert Photon(source).search("Eins", LANDSHUT, 8) == []
    assert Nominatim(source).search("Zwei", LANDSHUT, 8) == []
    assert Photon(source).reverse(HOUSE.place) is None
    assert Nominatim(source).reverse(HOUSE.place) is None


def test_a_street_and_a_named_place_are_told_apart(server: GeocodingServer, source: Source) -> None:
    address = {"road": "Erfundene Gasse", "city": "Landshut", "postcode": "84028"}
    street = NOMINATIM_HOUSE | {"name": "Erfundene Gasse", "address": address}
    stop = NOMINATIM_HOUSE | {"name": "Erfundener Halt", "address": address}
    server.answer = lambda *_: [street, stop]  # type: ignore[method-assign]
    found = Nominatim(source).search("Erfundene", LANDSHUT, 8)
    assert [(one.kind, one.short) for one in found] == [("street", "Erfundene Gasse"), ("poi", "Erfundener Halt")]


def test_the_setting_names_kind_and_address(tmp_path: Path) -> None:
    settings = settings_for("sqlite:///x", tmp_path)
    assert geocoder_for(settings) is None
    assert isinstance(geocoder_for(replace(settings, geocoder="photon:https://photon.example")), Photon)
    nominatim = geocoder_for(replace(settings, geocoder="nominatim:https://nominatim.example"))
    assert isinstance(nominatim, Nominatim)
    assert not nominatim.suggests  # its usage policy forbids it
