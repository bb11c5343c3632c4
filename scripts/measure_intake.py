"""Measures how many reports a running city takes in, and how long each sender waits.

    MAENGELMELDER_RATE_LIMITS=off maengelmelder serve &
    python scripts/measure_intake.py http://127.0.0.1:8000 --clients 32 --reports 1000 [--photo FILE]

Every client sends its reports one after the other, each on a connection of its own, as phones do. Prints reports a
second, the middle, the 95th of a hundred and the longest wait, and every answer other than 201.
"""

import argparse
import http.client
import itertools
import threading
import time
import uuid
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

REPORT = {"category": "laterne", "answer-art": "aus", "lat": "48.5369", "lon": "12.1522", "description": "Probe."}
PATIENCE_SECONDS = 120
BOUNDARY = "measure-intake"


def main() -> None:
    """One line of figures, one of answers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--photo", type=Path)
    options = parser.parse_args()
    photo = options.photo.read_bytes() if options.photo else b""
    waits, answers, seconds = send_all(options.address, options.clients, options.reports, photo)
    middle, late = waits[len(waits) // 2], waits[len(waits) * 95 // 100]
    print(
        f"{options.clients} clients, {len(waits)} reports of {len(photo) // 1000} kB in {seconds:.1f} s: "
        f"{len(waits) / seconds:.1f} a second, waits {middle:.0f} ms (median), {late:.0f} ms (p95), {waits[-1]:.0f} ms"
    )
    print(f"answers: {dict(answers)}")


def send_all(address: str, clients: int, reports: int, photo: bytes) -> tuple[list[float], Counter[str], float]:
    """Waits in milliseconds, the shortest first; how often each answer came; seconds in all."""
    waits: list[float] = []
    answers: Counter[str] = Counter()
    numbers = itertools.count()

    def client() -> None:
        while next(numbers) < reports:
            started = time.perf_counter()
            answers[send(address, photo)] += 1
            waits.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(waits), answers, time.perf_counter() - started


def send(address: str, photo: bytes) -> str:
    """The status of the answer, or what broke."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_SECONDS)
    headers = {"Accept": "application/json", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    try:
        connection.request("POST", "/melden", body(photo), headers)
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def body(photo: bytes) -> bytes:
    """The form of a fresh report."""
    fields = REPORT | {"submission": str(uuid.uuid4()), "secret": uuid.uuid4().hex + "A" * 11}
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    if photo:
        parts.append(b'name="photos"; filename="foto.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + photo)
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(start + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


if __name__ == "__main__":
    main()
