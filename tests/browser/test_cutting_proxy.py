"""The bad network does what it is told, and nothing else."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tests.browser.cutting_proxy import CuttingProxy

BODY = bytes(range(256)) * 400


class Recorder(BaseHTTPRequestHandler):
    """Answers with what it got, and notes how much of it came."""

    protocol_version = "HTTP/1.1"
    got: list[int]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = b""
        try:
            while len(body) < length and (piece := self.rfile.read1(length - len(body))):
                body += piece
        except ConnectionResetError:
            self.close_connection = True
        self.got.append(len(body))
        if len(body) == length:
            self._answer(body)

    def do_GET(self) -> None:
        self._answer(b"page")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", self.headers.get("Connection", ""))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@pytest.fixture
def got() -> list[int]:
    return []


@pytest.fixture
def proxy(got: list[int]) -> Iterator[CuttingProxy]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Recorder,), {"got": got}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        with CuttingProxy(f"http://127.0.0.1:{server.server_port}") as made:
            yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(proxy: CuttingProxy, path: str = "/", body: bytes | None = None) -> bytes:
    connection = http.client.HTTPConnection(urlsplit(proxy.url).netloc, timeout=20)
    try:
        connection.request("GET" if body is None else "POST", path, body)
        return connection.getresponse().read()
    finally:
        connection.close()


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_it_hands_on_what_nothing_befalls(proxy: CuttingProxy) -> None:
    assert ask(proxy, "/page?x=1") == b"page"
    assert ask(proxy, "/melden", BODY) == BODY
    assert proxy.requests == ["GET /page", "POST /melden"]
    assert proxy.suffered == []


@pytest.mark.parametrize("percent", [0, 10, 50, 99])
def test_a_cut_lets_so_much_through_and_happens_once(proxy: CuttingProxy, got: list[int], percent: int) -> None:
    proxy.cut(percent, path="/melden/foto")
    with pytest.raises(ConnectionResetError):
        ask(proxy, "/melden/foto", BODY)
    wait_for(lambda: len(got) == 1)
    assert got[0] <= len(BODY) * percent // 100, "a reset may take with it what the city had not read yet"
    assert ask(proxy, "/melden/foto", BODY) == BODY
    assert proxy.suffered == ["POST /melden/foto"]


def test_a_cut_meets_the_chosen_path_and_number_only(proxy: CuttingProxy) -> None:
    proxy.cut(50, path="/melden", skip=1, times=2)
    assert ask(proxy, "/melden/foto", BODY) == BODY
    assert ask(proxy, "/melden") == b"page"
    assert ask(proxy, "/melden", BODY) == BODY
    for _ in range(2):
        with pytest.raises(ConnectionResetError):
            ask(proxy, "/melden", BODY)
    assert ask(proxy, "/melden", BODY) == BODY


def test_a_swallowed_answer_is_lost_although_everything_arrived(proxy: CuttingProxy, got: list[int]) -> None:
    proxy.swallow(path="/melden")
    with pytest.raises(ConnectionResetError):
        ask(proxy, "/melden", BODY)
    assert got == [len(BODY)]
    assert ask(proxy, "/melden", BODY) == BODY


def test_connections_that_are_kept_alive_confuse_nothing(proxy: CuttingProxy) -> None:
    proxy.cut(50, path="/second")
    connection = http.client.HTTPConnection(urlsplit(proxy.url).netloc, timeout=20)
    for path in ("/first", "/first", "/second"):
        connection.request("POST", path, BODY, {"Connection": "keep-alive"})
        with nullcontext() if path == "/first" else pytest.raises(ConnectionResetError):
            assert connection.getresponse().read() == BODY
    connection.close()
    assert proxy.suffered == ["POST /second"]


def test_a_slow_line_is_slow_for_all_together(proxy: CuttingProxy) -> None:
    proxy.limit(200_000)
    started = time.monotonic()
    threads = [threading.Thread(target=ask, args=(proxy, "/melden", BODY)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started > 2 * len(BODY) / 200_000 * 0.95
    proxy.limit(None)
    started = time.monotonic()
    ask(proxy, "/melden", BODY)
    assert time.monotonic() - started < 0.5


def test_in_the_dark_nobody_answers_and_afterwards_the_address_is_the_same(proxy: CuttingProxy) -> None:
    url = proxy.url
    proxy.go_dark()
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            ask(proxy)
    proxy.come_back()
    assert proxy.url == url
    assert ask(proxy) == b"page"


def test_darkness_breaks_what_is_on_its_way(proxy: CuttingProxy) -> None:
    proxy.limit(20_000)
    faults: list[Exception] = []

    def wait() -> None:
        try:
            ask(proxy, "/melden", BODY)
        except (OSError, http.client.HTTPException) as error:
            faults.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    wait_for(lambda: proxy.requests == ["POST /melden"])
    proxy.go_dark()
    thread.join(timeout=10)
    assert len(faults) == 1
