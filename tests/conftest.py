"""The house for tests: both databases, the real photo decoder, a mailbox in memory, and a clock that can be set."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.adapters.photo_files import PhotoFiles
from maengelmelder.adapters.photo_sizes import PhotoSizer
from maengelmelder.adapters.suggesting.suggester import LocalSuggester
from maengelmelder.app import create_app
from maengelmelder.database import db
from maengelmelder.house import KEY, House, house
from maengelmelder.services.administering.load_city import load_city
from maengelmelder.settings import ROOT, Settings, read_settings
from maengelmelder.store.migrating import prepare
from maengelmelder.store.models import Base
from maengelmelder.store.queries.catalogue import forget_cached
from maengelmelder.web import limits
from maengelmelder.web.public import usual_time
from maengelmelder.worker.loop import work_once
from tests.postgres_server import PostgresMissing, PostgresServer, postgres_server
from tests.strict_client import StrictClient, let_go

DATABASES = ("spatialite", "postgis")
KEPT_TABLES = {"city", "departments", "category_groups", "categories", "areas", "responsibilities", "pages"}
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers share the suite by database, in the browser by file too: each city is set up as seldom as possible."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group_of(item)))


def _group_of(item: pytest.Item) -> str:
    values = item.callspec.params.values() if hasattr(item, "callspec") else ()
    database = next((value for value in values if value in DATABASES), "")
    is_by_file = "browser" in item.path.parts or not database
    return f"{item.path.stem} {database}" if is_by_file else database


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **duration: float) -> None:
        """Let time pass: `clock.pass_(hours=2)`."""
        self.now += timedelta(**duration)


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """No test reaches beyond this machine: a connection to anywhere else is an error."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not ip_address(address[0]).is_loopback:
            raise AssertionError(f"a test wanted to talk to {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A private PostgreSQL; a machine without one is an error in CI, and says so elsewhere."""
    try:
        with postgres_server() as server:
            yield server
    except PostgresMissing as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session", params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Every test that needs a database runs on both."""
    if request.param == "spatialite":
        return f"sqlite:///{tmp_path_factory.mktemp('spatialite')}/test.sqlite"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.url(server.new_database())


def settings_for(database_url: str, data: Path, **changes: object) -> Settings:
    """Settings of a trial city, with rate limits off."""
    environment = {
        "MAENGELMELDER_DATA": str(data),
        "MAENGELMELDER_DATABASE_URL": database_url,
        "MAENGELMELDER_SECRET_KEY": "only-for-tests-only-for-tests-only",
        "MAENGELMELDER_BASE_URL": "http://localhost",
        "MAENGELMELDER_RATE_LIMITS": "off",
        "MAENGELMELDER_TILES": "",
    }
    return replace(read_settings(environment), **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def landshut_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated database with Landshut loaded, once a session and database."""
    app = create_app(settings_for(database_url, tmp_path_factory.mktemp("data")))
    app.testing = True
    app.test_client_class = StrictClient
    with app.app_context():
        prepare(db.engine)
        upgrade()
        load_city(db.session(), read_city(ROOT / "cities" / "landshut"))
        db.session.commit()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def decoder() -> Iterator[PhotoSizer]:
    """The real decoder in its limited process."""
    sizer = PhotoSizer()
    yield sizer
    sizer.close()


@pytest.fixture
def clock() -> Clock:
    """Monday morning."""
    return Clock()


@pytest.fixture
def mailbox() -> MemoryMailer:
    """Where every mail of this test ends up."""
    return MemoryMailer()


@pytest.fixture
def app(
    landshut_app: Flask, tmp_path: Path, clock: Clock, mailbox: MemoryMailer, decoder: PhotoSizer
) -> Iterator[Flask]:
    """The application with no tickets and nobody of the staff, with its own photo store, mailbox and clock."""
    before: House = landshut_app.extensions[KEY]
    settings = replace(before.settings, data=tmp_path, photos=tmp_path / "photos")
    suggester = LocalSuggester(settings.suggestions)
    photos = PhotoFiles(settings.photos)
    landshut_app.extensions[KEY] = House(settings, photos, decoder, mailbox, clock, suggester=suggester)
    limits.forget_all()
    usual_time.forget_read()
    yield landshut_app
    landshut_app.extensions[KEY] = before
    with landshut_app.app_context():
        _empty_tables(db.session())
        db.session.remove()
        forget_cached()


def _empty_tables(session: Session) -> None:
    session.rollback()
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in KEPT_TABLES:
            session.execute(table.delete())
    session.commit()


@pytest.fixture
def set_house(app: Flask) -> Callable[..., None]:
    """Change settings for this test: `set_house(publish="immediate")`."""

    def change(**changes: object) -> None:
        now = house(app)
        app.extensions[KEY] = replace(now, settings=replace(now.settings, **changes))  # type: ignore[arg-type]

    return change


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts that reads HTML strictly."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A look into the database, apart from any request."""
    with app.app_context():
        yield db.session()
        db.session.remove()


@pytest.fixture
def work(app: Flask) -> Callable[[], int]:
    """Let the worker do everything that is due."""

    def everything() -> int:
        let_go()
        total = 0
        while (done := work_once(app)) > 0:
            total += done
        assert done == 0, "the worker failed"
        return total

    return everything
