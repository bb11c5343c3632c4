"""The other commands: a city, people, checks, the outbox, and service itself."""

import os
import shutil
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from urllib.error import URLError

import pytest

from maengelmelder.settings import ROOT
from tests.cli.conftest import Shell

PASSWORD = "a-long-password"


def test_every_command_explains_itself(shell: Shell) -> None:
    overview = shell.run("--help")
    for name in ("serve", "worker", "deliver", "city", "user", "check", "routes", "import"):
        assert name in overview.out
        assert shell.run(name, "--help").code == 0


def test_a_city_can_be_loaded_again_and_again(shell: Shell) -> None:
    before = shell.ask("SELECT count(*) FROM categories")
    revision = shell.ask("SELECT revision FROM city")
    done = shell.run("city", "load", ROOT / "cities" / "landshut")
    assert (done.code, "35 categories" in done.out) == (0, True)
    assert "Area innenstadt has no geometry yet" in done.out
    assert shell.ask("SELECT count(*) FROM categories") == before
    assert shell.ask("SELECT revision FROM city") == revision + 1


def test_a_faulty_city_is_explained_and_changes_nothing(shell: Shell) -> None:
    faulty = shell.directory / "faulty"
    shutil.copytree(ROOT / "cities" / "landshut", faulty)
    catalogue = faulty / "catalogue.yaml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace("department: bab", "department: babb", 1))
    revision = shell.ask("SELECT revision FROM city")
    done = shell.run("city", "load", faulty)
    assert done.code == 1
    assert 'Dienststelle "babb" ist unbekannt. Meinten Sie "bab"?' in done.err
    assert "catalogue.yaml:" in done.err
    assert shell.ask("SELECT revision FROM city") == revision


def test_a_person_is_let_in_once_with_a_password_that_is_kept_as_a_hash(shell: Shell) -> None:
    words = ("user", "add", "Anna@Landshut.Example", "--role", "clerk", "--department", "bab", "--password", PASSWORD)
    assert shell.run(*words).code == 0
    assert shell.ask("SELECT password FROM users WHERE email = 'anna@landshut.example'").startswith("$argon2id$")
    again = shell.run(*words)
    assert (again.code, "user_exists" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--password", "short"), "at least 12 characters"),
        (("--password", PASSWORD, "--department", "mond"), "department_unknown"),
        (("--password", PASSWORD, "--role", "king"), "king"),
    ],
)
def test_a_person_with_a_wrong_entry_is_not_let_in(shell: Shell, words: tuple[str, ...], said: str) -> None:
    done = shell.run("user", "add", "b@landshut.example", *words)
    assert done.code != 0
    assert said in done.err
    assert shell.ask("SELECT count(*) FROM users WHERE email = 'b@landshut.example'") == 0


def test_check_lists_what_a_hand_is_needed_for(shell: Shell) -> None:
    done = shell.run("check")
    assert done.code == 0
    assert "Area innenstadt" in done.out
    assert "placeholder address" in done.out


def test_check_fails_without_a_city(new_shell: Callable[[], Shell]) -> None:
    done = new_shell().run("check")
    assert (done.code, "city load" in done.out) == (1, True)


def test_routes_names_every_door(shell: Shell) -> None:
    done = shell.run("routes")
    assert done.code == 0
    assert "/readyz" in done.out


def test_deliver_ends_when_nothing_is_due(shell: Shell) -> None:
    done = shell.run("deliver")
    assert (done.code, "0 done." in done.out) == (0, True)


def test_an_unreachable_database_ends_in_one_sentence_without_its_password(shell: Shell) -> None:
    address = "postgresql://melder:geheim@127.0.0.1:9/melder"
    lost = replace(shell, environment={**shell.environment, "MAENGELMELDER_DATABASE_URL": address})
    done = lost.run("check")
    assert done.code == 1
    assert "cannot be reached" in done.err
    assert "geheim" not in done.err
    assert "Traceback" not in done.err


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        number: int = door.getsockname()[1]
        return number


def test_serve_prepares_everything_answers_whoever_is_slow_and_ends_cleanly(new_shell: Callable[[], Shell]) -> None:
    empty, port = new_shell(), free_port()
    serving = replace(empty, environment={**empty.environment, "MAENGELMELDER_PORT": str(port)})
    with serving.start("serve") as process:
        try:
            assert answers(f"http://127.0.0.1:{port}/readyz")
            with ExitStack() as stalled:
                for _ in range(150):
                    begun = stalled.enter_context(socket.create_connection(("127.0.0.1", port)))
                    begun.sendall(b"POST /melden HTTP/1.1\r\nHost: stadt\r\nContent-Length: 1000000\r\n\r\nlangsam")
                assert answers(f"http://127.0.0.1:{port}/healthz", patience_seconds=10)
        finally:
            os.kill(process.pid, signal.SIGTERM)
            out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "First log-in (told only now)" in out
    assert empty.ask("SELECT count(*) FROM categories") == 35
    assert empty.ask("SELECT count(*) FROM users") == 1


def answers(url: str, patience_seconds: float = 60) -> bool:
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False
