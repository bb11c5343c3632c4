"""A real server in its own process, and a real Chromium in front of it."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from maengelmelder.settings import ROOT
from tests.browser.cutting_proxy import CuttingProxy
from tests.languages import in_arabic_letters, write_catalogue
from tests.postgres_server import PostgresServer

PROGRAM = ROOT / ".venv" / "bin" / "maengelmelder"
START_SECONDS = 60
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "de-DE",
    "timezone_id": "Europe/Berlin",
}
DESKTOP: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 800},
    "locale": "de-DE",
    "timezone_id": "Europe/Berlin",
}
CLERK = ("licht@stadt.example", "ein langes Passwort nur zum Testen")
DESK = ("redaktion@stadt.example", "noch ein langes Passwort zum Testen")


@dataclass
class City:
    """A running city: its address, its data directory, the processes that serve it."""

    url: str
    data: Path
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, *arguments: str) -> None:
        """A command of the console program, to its end."""
        subprocess.run([PROGRAM, *arguments], env=self.environment, check=True, capture_output=True)

    def restart(self) -> None:
        """Kill the server as a loss of power would, and start it again."""
        self.processes[0].kill()
        self.processes[0].wait(timeout=30)
        self.processes[0] = self.start("serve")
        _wait_until_up(self)

    def start(self, command: str) -> subprocess.Popen[bytes]:
        """Begin a command that runs all day; what it says goes to a file."""
        with (self.data / f"{command}.log").open("ab") as log:
            return subprocess.Popen([PROGRAM, command], env=self.environment, stdout=log, stderr=subprocess.STDOUT)

    def mails(self) -> list[EmailMessage]:
        """Every mail that left so far."""
        files = sorted((self.data / "mail").glob("*.eml"))
        return [BytesParser(_class=EmailMessage, policy=default).parsebytes(file.read_bytes()) for file in files]

    def wait_for_mail(self, address: str, number: int, seconds: float = 30) -> EmailMessage:
        """The mail to an address about a ticket, as soon as the worker has sent it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for mail in self.mails():
                if mail["To"] == address and f"[Mängelmelder {number}]" in mail["Subject"]:
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"no mail about {number} to {address} within {seconds} s")


@pytest.fixture(scope="session", params=["spatialite", "postgis"])
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Landshut, served as `make run` serves it; on PostgreSQL with a worker beside."""
    if "PYTEST_XDIST_WORKER" not in os.environ:  # two workers would pull them from each other
        subprocess.run([ROOT / "scripts" / "build_browser_files.sh"], check=True)  # what is tested is what was written
    data = tmp_path_factory.mktemp(f"city-{request.param}")
    port = _free_port()
    environment = {
        **os.environ,
        "MAENGELMELDER_DATA": str(data),
        "MAENGELMELDER_PORT": str(port),
        "MAENGELMELDER_RATE_LIMITS": "off",
        "MAENGELMELDER_TILES": "",
        "MAENGELMELDER_TRANSLATIONS": str(write_catalogue(data / "translations", "ar", in_arabic_letters)),
        "MAENGELMELDER_BASE_URL": f"http://127.0.0.1:{port}",
    }
    if request.param == "postgis":
        server: PostgresServer = request.getfixturevalue("postgres")
        environment["MAENGELMELDER_DATABASE_URL"] = server.url(server.new_database())
    city = City(f"http://127.0.0.1:{port}", data, environment)
    city.run("city", "load", str(ROOT / "cities" / "landshut"))
    for (email, password), role, department in ((CLERK, "clerk", ["--department", "swl_licht"]), (DESK, "desk", [])):
        city.run("user", "add", email, "--role", role, *department, "--password", password)
    commands = ["serve", "worker"] if request.param == "postgis" else ["serve"]
    city.processes += [city.start(command) for command in commands]
    _wait_until_up(city)
    yield city
    for process in city.processes:
        process.terminate()
    for process in city.processes:
        process.wait(timeout=30)


@pytest.fixture
def network(city: City) -> Iterator[CuttingProxy]:
    """A network that can be made bad: open pages through it with `open_page(PHONE, base_url=network.url)`."""
    with CuttingProxy(city.url) as proxy:
        yield proxy


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(city: City) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(f"{city.url}/readyz", timeout=2) as answer:  # noqa: S310 - loopback
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError((city.data / "serve.log").read_text())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    program = shutil.which("chromium")
    if program is None and os.environ.get("CI") != "true":
        pytest.skip("no Chromium on this machine: run `make test`, which installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--disable-background-networking", "--disable-component-update", "--disable-gpu"],
        )
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, city: City) -> Iterator[Open]:
    """Open pages in fresh browsers: `open_page(PHONE, java_script_enabled=False)`; any violation fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_(device: dict[str, Any], **changes: Any) -> Page:
        context = chromium.new_context(**{"base_url": city.url, **device, **changes})
        own = changes.get("base_url", city.url)
        contexts.append(context)
        context.expose_binding("tell_violation", lambda _, what: faults.append(f"CSP: {what}"))
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " e => tell_violation(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))"
        )
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("request", lambda request: _refuse_strangers(request.url, own, faults))
        page.set_default_timeout(15_000)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def _refuse_strangers(url: str, own: str, faults: list[str]) -> None:
    if not url.startswith((own, "data:", "blob:", "about:")):
        faults.append(f"foreign host: {url}")
