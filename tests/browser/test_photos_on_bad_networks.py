"""Photos reach the city over networks that cut, swallow and vanish, and past a server that dies: each exactly once."""

import threading
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from maengelmelder.domain.photos import stored_name
from tests.browser.conftest import City
from tests.browser.cutting_proxy import CuttingProxy
from tests.web.public.forms import new_report
from tests.web.public.uploads import PHOTO, PIECE, Phone, photo_of, post

DOOR = "/melden/foto"
PIECES = -(-len(PHOTO) // PIECE)


@pytest.fixture
def report() -> dict[str, Any]:
    return new_report()


def slot_of(report: dict[str, Any], index: int = 0) -> dict[str, Any]:
    return {"submission": report["submission"], "secret": report["secret"], "index": str(index)}


def kept(city: City, key: str) -> bytes:
    """The original as it lies on the disk."""
    return (city.data / "photos" / key[:2] / stored_name(key, "original")).read_bytes()


def demand_one_report(city: City, report: dict[str, Any], keys: list[str]) -> None:
    """The photos are taken once, and a repeat finds the same report."""
    fields = report | {"uploads": keys}
    status, first = post(urlsplit(city.url).netloc, "/melden", fields)
    assert status == 201
    assert post(urlsplit(city.url).netloc, "/melden", fields) == (200, first)


@pytest.mark.parametrize("percent", [10, 50, 99])
@pytest.mark.parametrize("piece", [0, PIECES // 2, PIECES - 1])
def test_a_cut_photo_goes_on_where_it_stopped(
    city: City, network: CuttingProxy, report: dict[str, Any], percent: int, piece: int
) -> None:
    network.cut(percent, path=DOOR, skip=piece)
    phone = Phone(network.url, slot_of(report), PHOTO)
    key = phone.send()
    assert phone.breaks == 1
    assert network.requests.count(f"POST {DOOR}") == PIECES + 2, "one was cut, one asked"
    assert kept(city, key) == PHOTO
    demand_one_report(city, report, [key])


@pytest.mark.parametrize("piece", [0, PIECES // 2, PIECES - 1])
def test_a_piece_whose_answer_was_lost_is_not_sent_again(
    city: City, network: CuttingProxy, report: dict[str, Any], piece: int
) -> None:
    network.swallow(path=DOOR, skip=piece)
    phone = Phone(network.url, slot_of(report), PHOTO)
    key = phone.send()
    assert phone.breaks == 1
    assert network.requests.count(f"POST {DOOR}") == PIECES + 1, "the question takes the place of the lost answer"
    assert kept(city, key) == PHOTO
    demand_one_report(city, report, [key])


def test_a_photo_that_is_cut_again_and_again_arrives_all_the_same(
    city: City, network: CuttingProxy, report: dict[str, Any]
) -> None:
    for percent in (10, 50, 99):
        network.cut(percent, path=DOOR, times=3, skip=1)
    network.swallow(path=DOOR, times=2, skip=2)
    key = Phone(network.url, slot_of(report), PHOTO, 30_000).send()
    assert kept(city, key) == PHOTO
    demand_one_report(city, report, [key])


def test_a_photo_waits_in_a_tunnel(city: City, network: CuttingProxy, report: dict[str, Any]) -> None:
    data, keys = photo_of(400_000), []
    phone = Phone(network.url, slot_of(report), data, 20_000)
    thread = threading.Thread(target=lambda: keys.append(phone.send()))
    thread.start()
    wait_for_pieces(phone, 5)
    network.go_dark()
    time.sleep(0.5)
    assert not keys
    network.come_back()
    thread.join(timeout=60)
    assert phone.breaks
    assert kept(city, keys[0]) == data


def wait_for_pieces(phone: Phone, pieces: int) -> None:
    end = time.monotonic() + 30
    while phone.statuses.count(200) < pieces:
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.mark.parametrize("pieces", [1, 15])
def test_a_photo_outlives_the_server(city: City, report: dict[str, Any], pieces: int) -> None:
    data, keys = photo_of(1_200_000), []
    phone = Phone(city.url, slot_of(report), data, 40_000)
    thread = threading.Thread(target=lambda: keys.append(phone.send()))
    thread.start()
    wait_for_pieces(phone, pieces)
    city.restart()
    thread.join(timeout=120)
    assert phone.breaks
    assert len(phone.statuses) < 1_200_000 // 40_000 + 5, "what had arrived was not sent again"
    assert kept(city, keys[0]) == data
    demand_one_report(city, report, keys)
