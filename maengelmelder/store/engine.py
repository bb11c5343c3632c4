"""How both databases are opened: extensions, pragmas, and who may write."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, event

READING: ContextVar[bool] = ContextVar("maengelmelder_reading", default=False)
SAFE_SQLITE = (3, 51, 3)  # before it, several writers can corrupt a WAL database (sqlite.org/wal.html, "WAL-reset bug")

PRAGMAS = (
    "busy_timeout = 5000",
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL may lose the last commits when the power goes
    "foreign_keys = ON",
    "recursive_triggers = ON",  # else INSERT OR REPLACE walks past the triggers of append-only tables
    "secure_delete = ON",  # erased words must not stay in the file
)


class DatabaseUnusable(Exception):
    """The database library on this machine cannot be used; the message says what to install."""


@contextmanager
def reading() -> Iterator[None]:
    """Within it every new transaction is read-only: what a GET must be (RFC 9110, safe methods)."""
    token = READING.set(True)
    try:
        yield
    finally:
        READING.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Undo `reading` for a transaction of its own, such as counting requests."""
    token = READING.set(False)
    try:
        yield
    finally:
        READING.reset(token)


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine`; raises DatabaseUnusable when SQLite here is too old or cannot load extensions."""
    if url.startswith("sqlite"):
        return {"module": sqlite_module()}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5, "options": "-c statement_timeout=15000"}}


def sqlite_module() -> ModuleType:
    """The SQLite to use: pysqlite3, or the standard module where it is new enough and loads extensions."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        dbapi2 = sqlite3
    if not hasattr(dbapi2.Connection, "enable_load_extension"):
        raise DatabaseUnusable("This Python's sqlite3 cannot load extensions: install the package pysqlite3.")
    if dbapi2.sqlite_version_info < SAFE_SQLITE:
        raise DatabaseUnusable(f"SQLite {dbapi2.sqlite_version} is too old (3.51.3): install the package pysqlite3.")
    module: ModuleType = dbapi2
    return module


def watch(engine: Engine) -> None:
    """Prepare each connection of the engine, and open each transaction as reading or writing."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions by itself: _begin_sqlite does
    connection.enable_load_extension(True)
    try:
        connection.load_extension("mod_spatialite")
    except Exception as error:
        raise DatabaseUnusable(
            "SpatiaLite is missing: install the system package libsqlite3-mod-spatialite (Debian, Ubuntu)."
        ) from error
    connection.enable_load_extension(False)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that writes later ignores busy_timeout: measured 778 "database is locked" per 1,000 writes.
    is_reading = READING.get()
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if is_reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if READING.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
