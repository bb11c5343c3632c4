"""The private PostgreSQL that the other tests stand on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres_server import PostgresMissing, PostgresServer, find_programs, postgres_server

pytestmark = pytest.mark.skipif(
    find_programs() is None and os.environ.get("CI") != "true", reason="no PostgreSQL with PostGIS on this machine"
)

LONGEST_STOP_SECONDS = 10


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


def test_a_new_database_can_measure_the_way_to_the_town_hall(server: PostgresServer) -> None:
    with server.connect(server.new_database()) as connection:
        row = connection.execute(
            "SELECT ST_Distance('POINT(12.1540 48.5365)'::geography, 'POINT(12.1540 48.5374)'::geography)"
        ).fetchone()
    assert row is not None
    assert row[0] == pytest.approx(100, abs=1)


def test_a_copy_keeps_its_changes_to_itself(server: PostgresServer) -> None:
    filled = server.new_database()
    with server.connect(filled) as connection:
        connection.execute("CREATE TABLE tickets (number int)")
    copy = server.new_database(filled)
    with server.connect(copy) as connection:
        connection.execute("INSERT INTO tickets VALUES (1)")
    with server.connect(filled) as connection:
        assert connection.execute("SELECT count(*) FROM tickets").fetchone() == (0,)


def test_a_database_goes_even_while_somebody_is_connected(server: PostgresServer) -> None:
    name = server.new_database()
    with server.connect(name):
        server.drop(name)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        server.connect(name)


def test_nothing_is_left_behind() -> None:
    with postgres_server() as running:
        directory = running.directory
    assert not directory.exists()


def test_the_server_ends_when_the_test_run_is_killed() -> None:
    script = (
        "import time; from tests.postgres_server import postgres_server\n"
        "with postgres_server() as server: print(server.directory, flush=True); time.sleep(60)"
    )
    run = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    directory = Path(run.stdout.readline().strip())
    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stdout.close()
    deadline = time.monotonic() + LONGEST_STOP_SECONDS
    while (directory / "data/postmaster.pid").exists():
        assert time.monotonic() < deadline, "the server outlived its test run"
        time.sleep(0.05)
    subprocess.run(["rm", "-rf", directory], check=True)


def test_a_machine_without_postgresql_is_told_what_to_do() -> None:
    with pytest.raises(PostgresMissing, match="make test"), postgres_server(find=lambda: None):
        pass
