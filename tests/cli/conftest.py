"""Commands as somebody types them: own database, own directory, nothing shared with the web tests."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, create_engine, text

from maengelmelder.cli import commands
from maengelmelder.settings import ROOT
from maengelmelder.store.engine import engine_options, reading, watch
from tests.postgres_server import PostgresServer


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """A shell with its own installation; `database` is for looking on."""

    environment: dict[str, str]
    directory: Path
    database: Engine

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Begin a command and go on."""
        return subprocess.Popen(
            [sys.executable, "-c", "from maengelmelder.cli import main; main()", *map(str, words)],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str | Path) -> Done:
        """Run a command to its end, in this process: starting Python anew takes a second."""
        result = CliRunner().invoke(commands, [str(word) for word in words], env=self.environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr)

    def ask(self, question: str) -> Any:
        """One value from the database."""
        with reading(), self.database.connect() as connection:
            return connection.execute(text(question)).scalar()

    def write(self, name: str, content: str) -> Path:
        """A file for the command."""
        path = self.directory / name
        path.write_text(content, encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def new_shell(
    database_url: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[], Shell]:
    """Makes a shell with an empty database."""

    def make() -> Shell:
        directory = tmp_path_factory.mktemp("shell")
        url = f"sqlite:///{directory}/own.sqlite"
        if not database_url.startswith("sqlite"):
            server: PostgresServer = request.getfixturevalue("postgres")
            url = server.url(server.new_database())
        environment = {
            "MAENGELMELDER_DATA": str(directory),
            "MAENGELMELDER_DATABASE_URL": url,
            "MAENGELMELDER_TILES": "",
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
        }
        engine = create_engine(url, **engine_options(url))
        watch(engine)
        request.addfinalizer(engine.dispose)
        return Shell(environment, directory, engine)

    return make


@pytest.fixture(scope="module")
def shell(new_shell: Callable[[], Shell]) -> Shell:
    """A shell whose database holds Landshut; the tests of a file share it."""
    made = new_shell()
    assert made.run("city", "load", ROOT / "cities" / "landshut").code == 0
    return made
