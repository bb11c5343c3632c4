"""A private PostgreSQL with PostGIS for the length of a test run.

Nothing of the machine's own servers is touched: data and socket lie in a temporary directory, no port is opened,
and the server dies with the process that started it.
"""

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

TEMPLATE = "with_postgis"
START_SECONDS = 60
STOP_SECONDS = 10
SERVER_USER = "postgres"

SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "shared_buffers=64MB",
    "autovacuum=off",
    "max_connections=200",
)


class PostgresMissing(RuntimeError):
    """This machine has no PostgreSQL server with PostGIS; the message says how to get one."""


def find_programs() -> Path | None:
    """Directory of the newest `initdb` and `postgres` that can create PostGIS databases."""
    found = [Path("/usr/lib/postgresql"), Path(__file__).parents[1] / ".local/usr/lib/postgresql"]
    candidates = sorted((d for root in found for d in root.glob("*/bin")), key=_major, reverse=True)
    if initdb := shutil.which("initdb"):
        candidates.append(Path(initdb).resolve().parent)
    return next((directory for directory in candidates if _has_postgis(directory)), None)


def _major(directory: Path) -> int:
    return int(directory.parent.name) if directory.parent.name.isdigit() else 0


def _has_postgis(programs: Path) -> bool:
    extensions = (
        programs.parents[3] / f"share/postgresql/{programs.parent.name}/extension",  # Debian
        programs.parent / "share/postgresql/extension",
        programs.parent / "share/pgsql/extension",
        programs.parent / "share/extension",
    )
    return (programs / "postgres").exists() and any((d / "postgis.control").exists() for d in extensions)


class PostgresServer:
    """A running server. Databases are reached through its socket by the superuser `test`, without a password."""

    def __init__(self, directory: Path, process: subprocess.Popen[bytes]) -> None:
        self.directory = directory
        self._process = process
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        """Address of a database for SQLAlchemy."""
        return f"postgresql+psycopg:///{database}?host={self.directory}&user=test"

    def new_database(self, template: str = TEMPLATE, *, name: str | None = None) -> str:
        """Copy a database that nobody is connected to (about 50 ms); returns the copy's name."""
        name = name or f"test_{os.getpid()}_{next(self._numbers)}"
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection in autocommit mode."""
        return psycopg.connect(host=str(self.directory), user="test", dbname=database, autocommit=True)

    def _execute(self, statement: sql.Composed) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.connect().close()
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self.directory / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{log}") from error
                time.sleep(0.02)

    def _make_template(self) -> None:
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        with self.connect(TEMPLATE) as connection:
            connection.execute("CREATE EXTENSION postgis")

    def _stop(self) -> None:
        """SIGINT is PostgreSQL's fast shutdown: it ends connections instead of waiting for them."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def postgres_server(find: Callable[[], Path | None] = find_programs) -> Iterator[PostgresServer]:
    """Start a server with an empty template database (about 1.5 s) and stop it at the end.

    Raises PostgresMissing where the machine lacks the programs.
    """
    programs = find()
    if programs is None:
        raise PostgresMissing(
            "No PostgreSQL with PostGIS here. `make test` installs it on Debian; elsewhere install the server and "
            "its PostGIS extension and put `initdb` into PATH."
        )
    directory = _new_directory()
    try:
        _run_as_server_user([programs / "initdb", "-D", directory / "data", "-U", "test", "-A", "trust", "-N"])
        server = PostgresServer(directory, _start(programs, directory))
        try:
            server._wait_until_ready()
            server._make_template()
            yield server
        finally:
            server._stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _new_directory() -> Path:
    """Directly under /tmp, because a socket's path may have 107 bytes only."""
    directory = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if os.geteuid() == 0:
        user = pwd.getpwnam(SERVER_USER)
        os.chown(directory, user.pw_uid, user.pw_gid)
    return directory


def _as_server_user(command: list[str | Path]) -> list[str | Path]:
    """PostgreSQL refuses to run as root; as root it gets its own user. It must not outlive a killed test run."""
    prefix: list[str | Path] = []
    if shutil.which("setpriv"):
        prefix = ["setpriv", "--pdeathsig", "INT"]
        if os.geteuid() == 0:
            prefix += ["--reuid", SERVER_USER, "--regid", SERVER_USER, "--init-groups"]
    return [*prefix, *command]


def _run_as_server_user(command: list[str | Path]) -> None:
    options: list[str | Path] = ["-E", "UTF8", "--locale=C.UTF-8"]
    done = subprocess.run(_as_server_user([*command, *options]), cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _start(programs: Path, directory: Path) -> subprocess.Popen[bytes]:
    settings = [word for setting in (*SETTINGS, f"unix_socket_directories={directory}") for word in ("-c", setting)]
    command: list[str | Path] = [programs / "postgres", "-D", directory / "data", *settings]
    with (directory / "log").open("wb") as log:
        return subprocess.Popen(_as_server_user(command), cwd="/", stdout=log, stderr=log)
