"""Both databases are opened so that nothing is lost, nobody waits in vain, and reading never writes."""

import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError
from sqlalchemy.orm import Session

from maengelmelder.database import db
from maengelmelder.store import engine as opening
from maengelmelder.store.engine import DatabaseUnusable, engine_options, reading, sqlite_module, watch, writing

WRITERS, ROUNDS = 6, 25


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Engine]:
    """A file of its own, opened as the application does."""
    url = f"sqlite:///{tmp_path}/own.sqlite"
    engine = create_engine(url, **engine_options(url))
    watch(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE parents (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE counts (n INTEGER, parent INTEGER REFERENCES parents (id))"))
        connection.execute(text("INSERT INTO counts (n) VALUES (0)"))
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000), ("secure_delete", 1)],
)
def test_the_file_is_opened_so_that_a_commit_survives_the_power(embedded: Engine, pragma: str, value: object) -> None:
    with embedded.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_extensions_can_no_longer_be_loaded_by_a_query(embedded: Engine) -> None:
    with embedded.connect() as connection, pytest.raises(OperationalError, match="not authorized"):
        connection.execute(text("SELECT load_extension('mod_spatialite')"))


def test_a_reference_to_nothing_is_refused(embedded: Engine) -> None:
    with embedded.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text("INSERT INTO counts (n, parent) VALUES (1, 99)"))


def test_many_writers_who_read_before_they_write_never_find_the_database_locked(embedded: Engine) -> None:
    """With a deferred BEGIN this fails at once: the reader who wants to write is not even made to wait."""
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(ROUNDS):
                with embedded.begin() as connection:
                    seen = connection.execute(text("SELECT n FROM counts")).scalar_one()
                    connection.execute(text("UPDATE counts SET n = :n"), {"n": seen + 1})
        except OperationalError as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with embedded.connect() as connection:
        assert connection.execute(text("SELECT n FROM counts")).scalar_one() == WRITERS * ROUNDS


def test_reading_goes_on_while_somebody_writes(embedded: Engine) -> None:
    with embedded.begin() as writer:
        writer.execute(text("UPDATE counts SET n = 7"))
        with reading(), embedded.connect() as reader:
            assert reader.execute(text("SELECT n FROM counts")).scalar_one() == 0


def test_a_reading_transaction_writes_nothing_on_either_database(session: Session, app: Flask) -> None:
    session.rollback()
    with reading(), db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM city")).scalar_one() == 1
        with pytest.raises((OperationalError, InternalError), match=r"read-?\s?only"):
            connection.execute(text("UPDATE city SET revision = revision + 1"))


def test_writing_is_possible_again_after_reading_and_within_it_where_asked_for(session: Session, app: Flask) -> None:
    session.rollback()
    with reading():
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM city"))
        with writing(), db.engine.begin() as connection:
            assert connection.execute(text("UPDATE city SET revision = revision")).rowcount == 1
    with db.engine.begin() as connection:
        assert connection.execute(text("UPDATE city SET revision = revision")).rowcount == 1


def test_nothing_waits_for_ever_on_either_database(session: Session, app: Flask) -> None:
    embedded = db.engine.dialect.name == "sqlite"
    question, answer = ("PRAGMA busy_timeout", 5000) if embedded else ("SHOW statement_timeout", "15s")
    assert session.execute(text(question)).scalar() == answer


def stand_in(version: tuple[int, int, int], *, loads: bool = True) -> SimpleNamespace:
    """A SQLite module as some machines have it."""
    methods = {"enable_load_extension": lambda *_: None} if loads else {}
    return SimpleNamespace(
        Connection=type("Connection", (), methods),
        sqlite_version_info=version,
        sqlite_version=".".join(map(str, version)),
    )


def test_a_sqlite_that_may_corrupt_its_file_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "sqlite3", stand_in((3, 40, 1)))
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    with pytest.raises(DatabaseUnusable, match=r"3\.40\.1 is too old"):
        sqlite_module()


def test_a_sqlite_that_loads_no_extensions_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "sqlite3", stand_in((3, 99, 0), loads=False))
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    with pytest.raises(DatabaseUnusable, match="install the package pysqlite3"):
        sqlite_module()


def test_without_spatialite_the_system_package_is_named() -> None:
    class Bare:
        """A connection on a machine without the library."""

        isolation_level: str | None = ""

        def enable_load_extension(self, _on: bool) -> None: ...

        def load_extension(self, name: str) -> None:
            raise sqlite3.OperationalError(f"{name}.so: cannot open shared object file")

    with pytest.raises(DatabaseUnusable, match="libsqlite3-mod-spatialite"):
        opening._prepare_sqlite(Bare(), None)
