"""Sends every file of a directory to a running city as somebody's photo, and tells what became of each.

    MAENGELMELDER_RATE_LIMITS=off maengelmelder serve &
    python scripts/measure_photos.py http://127.0.0.1:8000 DIRECTORY --pid $!

Prints how many were shown, unreadable or refused; any 5xx; whether a shown size carries metadata; and
by how much the web process grew at most.
"""

import argparse
import http.client
import re
import time
import uuid
from collections import Counter
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

NO_PHOTOS = (".md", ".csv")
WAITING = "wird gerade verarbeitet"
PATIENCE_SECONDS = 90


def main() -> None:
    """One line a kind of outcome."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--pid", type=int, required=True)
    options = parser.parse_args()
    before = most = resident(options.pid)
    outcomes: Counter[str] = Counter()
    files = [
        path for path in sorted(options.directory.rglob("*")) if path.is_file() and path.suffix not in (".md", ".csv")
    ]
    for path in files:
        outcomes[send(options.address, path)] += 1
        most = max(most, resident(options.pid))
    print(f"{len(files)} files: " + ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    print(f"web process: {before} MB before, at most {most - before} MB more")


def resident(pid: int) -> int:
    """Resident memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) // 1024 if found else 0


def send(address: str, path: Path) -> str:
    """Report with this photo; what became of it."""
    status, location = post(address, path)
    if status != http.client.SEE_OTHER:
        return "refused at once" if status == http.client.UNPROCESSABLE_ENTITY else f"answered {status}"
    page = wait_until_done(address, location)
    photos = re.findall(r'src="(/foto/[^"]+/large[^"]*)"', page)
    if not photos:
        return "taken, unreadable"
    data = get(address, photos[0].replace("&amp;", "&"))
    return "taken and shown" if is_bare(data) else "shown WITH METADATA"


def post(address: str, path: Path) -> tuple[int, str]:
    """Send the form as a browser does; status and where it leads."""
    edge = uuid.uuid4().hex
    fields = {
        "submission": str(uuid.uuid4()),
        "secret": uuid.uuid4().hex + "x" * 11,
        "category": "sonstiges",
        "lat": "48.5369",
        "lon": "12.1522",
        "description": "Messung",
    }
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="photos"; filename="{path.name}"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + path.read_bytes() + f"\r\n--{edge}--\r\n".encode()
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("POST", "/melden", body, {"Content-Type": f"multipart/form-data; boundary={edge}"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers.get("Location", "")


def get(address: str, path: str) -> bytes:
    """The body of an answer."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", path, headers={"Accept-Language": "de"})
    body = connection.getresponse().read()
    connection.close()
    return body


def wait_until_done(address: str, location: str) -> str:
    """The reporter's page as soon as the worker has dealt with the photo."""
    end = time.monotonic() + PATIENCE_SECONDS
    page = get(address, location).decode()
    while WAITING in page and time.monotonic() < end:
        time.sleep(0.3)
        page = get(address, location).decode()
    return page


def is_bare(data: bytes) -> bool:
    """Whether a JPEG carries nothing but a picture."""
    image = Image.open(BytesIO(data))
    return not image.getexif() and not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(image.info)


if __name__ == "__main__":
    main()
