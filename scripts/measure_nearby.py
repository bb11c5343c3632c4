"""Measures how long the duplicate hint takes among many tickets, on both databases.

    scripts/inside.sh python scripts/measure_nearby.py --tickets 10000 200000

Makes a city of its own in a temporary directory: invented tickets around the centre (normal distribution, 1.5 km), one
in eight open, the others mended within the last five years; each with a report, every second with a released text.
Asks at places distributed alike, one after the other. Prints milliseconds: the query alone, and the whole answer of
`/api/v1/duplicates`.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.app import create_app
from maengelmelder.database import db
from maengelmelder.domain.duplicates import related_categories
from maengelmelder.domain.places import Place
from maengelmelder.services.administering.load_city import load_city
from maengelmelder.settings import ROOT, read_settings
from maengelmelder.store.engine import reading
from maengelmelder.store.migrating import prepare
from maengelmelder.store.models import Category, Report, Ticket, TicketText
from maengelmelder.store.queries.catalogue import get_catalogue
from maengelmelder.store.queries.nearby import find_nearby
from maengelmelder.store.types import to_point
from tests.postgres_server import postgres_server

CENTRE = Place(12.1522, 48.5369)
SPREAD = 0.0205, 0.0135  # degrees: 1.5 km
OPEN_SHARE = 8
BATCH = 5000
NOW = datetime.now(UTC)
CHOICE = random.Random(11)  # noqa: S311 - always the same city


def main() -> None:
    """One line for each database and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, nargs="+", default=[10_000, 200_000])
    parser.add_argument("--asks", type=int, default=500)
    parser.add_argument("--database", choices=("spatialite", "postgis"), nargs="+", default=["spatialite", "postgis"])
    options = parser.parse_args()
    for database in options.database:
        with (
            tempfile.TemporaryDirectory() as folder,
            postgres_server() if database == "postgis" else nullcontext() as pg,
        ):
            url = pg.url(pg.new_database()) if pg else f"sqlite:///{folder}/city.sqlite"
            measure(database, url, folder, sorted(options.tickets), options.asks)


def measure(database: str, url: str, folder: str, sizes: Sequence[int], asks: int) -> None:
    """Fill up to each size and ask."""
    app = new_city(url, folder)
    with app.app_context():
        there = 0
        for size in sizes:
            fill(db.session(), there, size)
            there = size
            places = [_somewhere() for _ in range(asks)]
            keys = related_categories(get_catalogue(db.session()), get_catalogue(db.session()).categories["laterne"])
            db.session.rollback()
            query = _times(places, partial(_ask_database, keys))
            answer = _times(places, partial(_ask_city, app.test_client()))
            db.session.remove()
            print(f"{database}, {size} tickets: query {query}; answer {answer}", flush=True)
        db.session.remove()
        db.engine.dispose()


def new_city(url: str, folder: str) -> Flask:
    """An empty Landshut."""
    environment = {
        "MAENGELMELDER_DATA": folder,
        "MAENGELMELDER_DATABASE_URL": url,
        "MAENGELMELDER_SECRET_KEY": "only-for-measuring-only-for-measuring",
        "MAENGELMELDER_RATE_LIMITS": "off",
    }
    app = create_app(read_settings(environment))
    app.logger.disabled = True
    with app.app_context():
        prepare(db.engine)
        upgrade()
        load_city(db.session(), read_city(ROOT / "cities" / "landshut"))
        db.session.commit()
    return app


def fill(session: Session, there: int, size: int) -> None:
    """Tickets with the numbers from `there` + 1 to `size`."""
    categories = session.scalars(select(Category.id)).all()
    department = session.scalar(text("SELECT min(id) FROM departments"))
    for first in range(there + 1, size + 1, BATCH):
        numbers = range(first, min(first + BATCH, size + 1))
        session.execute(insert(Ticket), list(_tickets(numbers, categories, department)))
        session.execute(insert(Report), [_report(number) for number in numbers])
        session.execute(insert(TicketText), [_text(number) for number in numbers if number % 2])
        session.commit()
    session.execute(text("ANALYZE"))
    session.commit()


def _tickets(numbers: range, categories: Sequence[int], department: int | None) -> Iterator[dict[str, Any]]:
    for number in numbers:
        reported_at = NOW - timedelta(days=CHOICE.random() * 1800)
        is_open = number % OPEN_SHARE == 0
        yield {
            "id": number,
            "category_id": CHOICE.choice(categories),
            "department_id": department,
            "status": "in_progress" if is_open else "resolved",
            "urgency": "mittel",
            "because": {},
            "position": to_point(_somewhere()),
            "reported_at": reported_at,
            "updated_at": reported_at,
            "published_at": reported_at,
            "closed_at": None if is_open else min(NOW, reported_at + timedelta(days=CHOICE.random() * 40)),
        }


def _report(number: int) -> dict[str, Any]:
    return {"ticket_id": number, "submission": f"{number:036d}", "channel": "web", "answers": {}, "created_at": NOW}


def _text(number: int) -> dict[str, Any]:
    words = {
        "ticket_id": number,
        "kind": "description",
        "body": "Die Laterne ist seit Tagen dunkel.",
        "salt": b"x" * 16,
    }
    return words | {"created_at": NOW, "released_at": NOW}


def _somewhere() -> Place:
    return Place(CHOICE.gauss(CENTRE.lon, SPREAD[0]), CHOICE.gauss(CENTRE.lat, SPREAD[1]))


def _ask_database(keys: Sequence[str], place: Place) -> None:
    with reading():
        find_nearby(db.session(), place, keys, NOW)
        db.session.rollback()


def _ask_city(client: Any, place: Place) -> None:
    asked = {"lat": place.lat, "lon": place.lon, "category": "laterne"}
    answer = client.get("/api/v1/duplicates", query_string=asked)
    assert answer.status_code == 200, answer.text  # noqa: S101


def _times(places: Sequence[Place], ask: Callable[[Place], None]) -> str:
    """The middle and the 95th of a hundred, in milliseconds."""
    taken = []
    for place in places:
        started = time.perf_counter()
        ask(place)
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return f"{taken[len(taken) // 2]:.1f} ms (median), {taken[len(taken) * 95 // 100]:.1f} ms (p95)"


if __name__ == "__main__":
    main()
