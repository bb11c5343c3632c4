"""The base map comes by way of our own house."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from maengelmelder.house import house
from maengelmelder.web.public.tiles import empty_tile

OVER_LANDSHUT = "/karten/14/8745/5664.png"
TILE = b"\x89PNG\r\n\x1a\n" + b"a tile"


class Upstream:
    """A map server on this machine that answers as a test wants."""

    def __init__(self) -> None:
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, TILE)
        self.asked: list[str] = []
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                upstream.asked.append(self.path)
                status, headers, body = upstream.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.pattern = f"http://127.0.0.1:{self.server.server_port}/{{z}}/{{y}}/{{x}}.png"


@pytest.fixture
def upstream(set_house: Callable[..., None]) -> Iterator[Upstream]:
    found = Upstream()
    thread = threading.Thread(target=found.server.serve_forever)
    thread.start()
    set_house(tiles=found.pattern)
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


def test_a_tile_is_fetched_once_and_then_kept(app: Flask, client: FlaskClient, upstream: Upstream) -> None:
    for _ in range(2):
        answer = client.get(OVER_LANDSHUT)
        assert answer.data == TILE
        assert "max-age" in answer.headers["Cache-Control"]
    assert upstream.asked == ["/14/5664/8745.png"]
    assert (house(app).settings.data / "tiles" / "14" / "8745" / "5664.png").read_bytes() == TILE


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, b""),
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (200, {}, b"<html>not a picture</html>"),
        (200, {}, TILE + b"x" * 1024 * 1024),
    ],
    ids=["error", "redirect", "no picture", "too large"],
)
def test_a_broken_upstream_is_an_invisible_tile_that_nobody_keeps(
    client: FlaskClient, upstream: Upstream, answer: Any
) -> None:
    upstream.answer = answer
    tile = client.get(OVER_LANDSHUT)
    assert tile.status_code == 200
    assert tile.data == empty_tile()
    assert tile.headers["Cache-Control"] == "no-store"


def test_a_dead_upstream_is_not_asked_for_every_tile(client: FlaskClient, upstream: Upstream) -> None:
    upstream.answer = (500, {}, b"")
    for x in range(8740, 8748):
        client.get(f"/karten/14/{x}/5664.png")
    assert len(upstream.asked) == 1


@pytest.mark.parametrize("address", ["/karten/14/0/0.png", "/karten/9/273/177.png", "/karten/20/559680/362496.png"])
def test_only_the_citys_surroundings_are_fetched(client: FlaskClient, upstream: Upstream, address: str) -> None:
    assert client.get(address).data == empty_tile()
    assert upstream.asked == []


def test_no_other_host_than_an_encrypted_one_is_asked(client: FlaskClient, set_house: Callable[..., None]) -> None:
    set_house(tiles="http://maps.example/{z}/{x}/{y}.png")
    assert client.get(OVER_LANDSHUT).data == empty_tile()


@pytest.mark.parametrize("path", ["-1/0/0", "14/a/1", "14/8745", "99999999999/1/1", "14/8745/99999999999"])
def test_what_is_no_tile_is_no_page(client: FlaskClient, path: str) -> None:
    assert client.get(f"/karten/{path}.png").status_code == 404
