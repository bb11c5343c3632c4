"""A bad network in front of the city: it cuts requests in the middle, swallows answers, is slow, or is not there.

    with CuttingProxy(city.url) as proxy:
        proxy.cut(50, path="/melden/foto")  # the next photo stops half-way
        proxy.swallow(path="/melden")  # the report arrives, its answer never does
        proxy.limit(30_000)
        proxy.go_dark()
        proxy.come_back()

Each connection carries one request: the proxy asks the city to close it, and a browser then opens another. So a fault
always meets the request that it was meant for. Bodies need a Content-Length, as browsers send it.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlsplit

from tests.browser.request_heads import Request, read_request

PIECE = 2048  # bytes at a time, so that a slow line flows and does not jerk
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: close() then resets, as a lost network does
GOODBYE_SECONDS = 30


class Cut(OSError):
    """This request ends here."""


@dataclass
class Fault:
    """What befalls requests of one method to one path ("" for any): `skip` of them pass before, `times` suffer.

    percent: how much of the body gets through; None: all of it, but nothing of the answer.
    """

    method: str
    path: str
    percent: float | None
    times: int
    skip: int

    def hits(self, method: str, path: str) -> bool:
        """Whether this request suffers; counts."""
        if method != self.method or self.path not in ("", path) or not self.times:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class Line:
    """One direction of a phone's line, shared by all its connections."""

    def __init__(self) -> None:
        self.bytes_per_second: float | None = None
        self._lock = threading.Lock()
        self._free_at = 0.0

    def carry(self, size: int) -> None:
        """Take as long as so many bytes need."""
        if self.bytes_per_second is None:
            return
        with self._lock:
            self._free_at = max(self._free_at, time.monotonic()) + size / self.bytes_per_second
            wait = self._free_at - time.monotonic()
        time.sleep(max(0.0, wait))


class CuttingProxy:
    """Listens on a free port of this machine and hands every request on to `target`; for use in a `with` statement.

    `requests` lists what was asked ("POST /melden"), `suffered` what of it met a fault, in the order of arrival.
    """

    def __init__(self, target: str) -> None:
        address = urlsplit(target)
        self._target = (address.hostname or "127.0.0.1", address.port or 80)
        self._place = _bound(0)  # never listens; holds the port for us while the network is dark
        self.port = int(self._place.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.requests: list[str] = []
        self.suffered: list[str] = []
        self._faults: list[Fault] = []
        self._up, self._down = Line(), Line()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None

    def __enter__(self) -> "CuttingProxy":
        self.come_back()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.go_dark()
        self._place.close()

    def cut(self, percent: float, *, path: str = "", method: str = "POST", times: int = 1, skip: int = 0) -> None:
        """Let only so much of a request's body through, then reset both sides."""
        self._faults.append(Fault(method, path, percent, times, skip))

    def swallow(self, *, path: str = "", method: str = "POST", times: int = 1, skip: int = 0) -> None:
        """Let a request through, wait until the city has answered, and reset the asker before the first byte of it."""
        self._faults.append(Fault(method, path, None, times, skip))

    def heal(self) -> None:
        """Forget every fault that has not happened yet."""
        self._faults.clear()

    def limit(self, bytes_per_second: float | None) -> None:
        """How much fits through in each direction, all connections together; None: as much as the machine can."""
        self._up.bytes_per_second = self._down.bytes_per_second = bytes_per_second

    def go_dark(self) -> None:
        """Break every connection and refuse new ones; returns when nothing is on its way any more."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), which close() would not
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=GOODBYE_SECONDS)
        self._threads.clear()
        listener.close()

    def come_back(self) -> None:
        """Take connections again, at the same address."""
        if self._listener is None:
            self._listener = _bound(self.port)
            self._listener.listen(256)
            self._start(self._accept, self._listener)

    def _start(self, job: Callable[[socket.socket], None], connection: socket.socket) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=job, args=(connection,), daemon=True)
        thread.start()
        self._threads.append(thread)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # dark
            while True:
                client, _ = listener.accept()
                self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                self._keep(client)
                self._hand_on(client, read_request(client))
            except OSError:
                _reset_on_close(client)
            finally:
                self._let_go(client)

    def _hand_on(self, client: socket.socket, request: Request) -> None:
        fault = self._note(request)
        with socket.create_connection(self._target) as server:
            self._keep(server)
            try:
                self._exchange(client, server, request, fault)
            except OSError:
                _reset_on_close(server)
                raise
            finally:
                self._let_go(server)

    def _note(self, request: Request) -> Fault | None:
        with self._lock:
            self.requests.append(f"{request.method} {request.path}")
            fault = next((fault for fault in self._faults if fault.hits(request.method, request.path)), None)
            if fault:
                self.suffered.append(self.requests[-1])
        return fault

    def _exchange(self, client: socket.socket, server: socket.socket, request: Request, fault: Fault | None) -> None:
        server.sendall(request.head)
        is_cut = fault is not None and fault.percent is not None
        most = int(request.length * (fault.percent or 0) / 100) if is_cut and fault else request.length
        self._carry_body(client, server, request.begun, most)
        if is_cut:
            raise Cut
        answer = server.recv(PIECE)
        if fault:
            raise Cut
        while answer:
            self._down.carry(len(answer))
            client.sendall(answer)
            answer = server.recv(PIECE)

    def _carry_body(self, client: socket.socket, server: socket.socket, begun: bytes, most: int) -> None:
        left, piece = most, begun
        while left > 0:
            piece = (piece or client.recv(min(PIECE, left)))[:left]
            if not piece:
                raise ConnectionResetError("the asker went away")
            self._up.carry(len(piece))
            server.sendall(piece)
            left, piece = left - len(piece), b""

    def _keep(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
        if self._listener is None:
            raise Cut

    def _let_go(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)


def _bound(port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    found.bind(("127.0.0.1", port))
    return found


def _reset_on_close(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
