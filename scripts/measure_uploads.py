"""Measures how photos from many phones on slow lines arrive in a running city, and how long pages take meanwhile.

    MAENGELMELDER_RATE_LIMITS=off maengelmelder serve &
    python scripts/measure_uploads.py http://127.0.0.1:8000 --phones 40 [--speed 30000] [--bytes 500000] [--piece 65536]

Every phone sends one photo to `/melden/foto`, piece by piece, each piece on a connection of its own, at so many bytes a
second. One reader asks for pages all the time, first alone, then beside the phones. At the end all is cancelled.
"""

import argparse
import http.client
import itertools
import json
import secrets
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

PHOTO = Path(__file__).resolve().parent.parent / "demo" / "photos"
PAGES = ("/", "/melden", "/meldungen")
ALONE_SECONDS = 10
STEP_SECONDS = 0.1  # how finely a slow line flows
PATIENCE_SECONDS = 120
TRIES = 10
BOUNDARY = "measure-uploads"


def main() -> None:
    """A table: how many arrived, how long they took, how long pages took alone and beside them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--phones", type=int, default=40)
    parser.add_argument("--speed", type=int, default=30_000, help="bytes a second, each phone")
    parser.add_argument("--bytes", type=int, default=500_000, help="of each photo")
    parser.add_argument("--piece", type=int, default=65_536)
    options = parser.parse_args()
    host = urlsplit(options.address).netloc
    alone = read_pages(host, wait(ALONE_SECONDS))
    phones = [Phone(host, options.bytes, options.piece, options.speed) for _ in range(options.phones)]
    threads = [threading.Thread(target=phone.send) for phone in phones]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    beside = read_pages(host, lambda: any(thread.is_alive() for thread in threads))
    seconds = time.perf_counter() - started
    for phone in phones:
        phone.cancel()
    print_table(phones, seconds, {"alone": alone, f"beside {len(phones)} phones": beside})


class Phone:
    """A phone with one photo of its own; `arrived` once the city has named its key."""

    def __init__(self, host: str, size: int, piece: int, speed: int) -> None:
        start = min(PHOTO.glob("*.jpg"), key=lambda path: path.stat().st_size).read_bytes()
        self.data = (start + secrets.token_bytes(max(0, size - len(start))))[:size]
        self.host, self.piece, self.speed = host, piece, speed
        self.fields = {"submission": str(uuid.uuid4()), "secret": secrets.token_urlsafe(32), "index": "0"}
        self.answers: Counter[str] = Counter()
        self.arrived = False
        self.seconds = 0.0

    def send(self) -> None:
        """All of it; after a fault its first piece again, and the city says from where to go on."""
        started, offset, faults = time.perf_counter(), 0, 0
        while not self.arrived and faults < TRIES:
            answer = self.tell(offset)
            faults += answer is None
            self.arrived = bool(answer and answer.get("complete"))
            offset = int(str(answer["offset"])) if answer else 0
        self.seconds = time.perf_counter() - started

    def cancel(self) -> None:
        """Leave nothing behind."""
        post(self.host, form(self.fields | {"cancel": "1"}), None)

    def tell(self, offset: int) -> dict[str, object] | None:
        """One piece; None when no useful answer came."""
        fields = self.fields | {"size": str(len(self.data)), "offset": str(offset)}
        body = form(fields, self.data[offset : offset + self.piece])
        try:
            status, answer = post(self.host, body, self.speed)
        except (OSError, http.client.HTTPException) as error:
            self.answers[type(error).__name__] += 1
            return None
        self.answers[str(status)] += 1
        return answer if "offset" in answer else None


def form(fields: dict[str, str], chunk: bytes = b"") -> bytes:
    """multipart/form-data as a phone sends it."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    if chunk:
        parts.append(b'name="chunk"; filename="chunk"\r\nContent-Type: application/octet-stream\r\n\r\n' + chunk)
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(start + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def post(host: str, body: bytes, speed: int | None) -> tuple[int, dict[str, object]]:
    """Status and JSON; the body at so many bytes a second."""
    connection = http.client.HTTPConnection(host, timeout=PATIENCE_SECONDS)
    try:
        connection.putrequest("POST", "/melden/foto")
        connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        trickle(connection, body, speed)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def trickle(connection: http.client.HTTPConnection, body: bytes, speed: int | None) -> None:
    """Send as slowly as the line is, on time however late the machine wakes us."""
    step = max(1, int(speed * STEP_SECONDS)) if speed else len(body)
    started = time.perf_counter()
    for start in range(0, len(body), step):
        connection.send(body[start : start + step])
        if speed:
            time.sleep(max(0.0, started + (start + step) / speed - time.perf_counter()))


def wait(seconds: float) -> Callable[[], bool]:
    """A condition that holds for so long."""
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() < end


def read_pages(host: str, goes_on: Callable[[], bool]) -> list[float]:
    """Milliseconds that pages took, one after the other, the shortest first."""
    took: list[float] = []
    for path in itertools.cycle(PAGES):
        if not goes_on():
            return sorted(took)
        started = time.perf_counter()
        connection = http.client.HTTPConnection(host, timeout=PATIENCE_SECONDS)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        took.append((time.perf_counter() - started) * 1000)
        time.sleep(STEP_SECONDS)
    return took


def print_table(phones: list[Phone], seconds: float, pages: dict[str, list[float]]) -> None:
    """What came of it."""
    waits = sorted(phone.seconds for phone in phones)
    answers = sum((phone.answers for phone in phones), Counter())
    print(f"photos arrived: {sum(phone.arrived for phone in phones)} of {len(phones)} in {seconds:.1f} s")
    print(f"  each took {waits[len(waits) // 2]:.1f} s (median), {waits[len(waits) * 95 // 100]:.1f} s (p95)")
    print(f"  answers: {dict(answers)}")
    for name, took in pages.items():
        middle, late = took[len(took) // 2], took[len(took) * 95 // 100]
        print(
            f"pages {name}: {middle:.0f} ms (median), {late:.0f} ms (p95), {took[-1]:.0f} ms (longest) of {len(took)}"
        )


if __name__ == "__main__":
    main()
