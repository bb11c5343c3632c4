"""Pages are small on the way, and secrets are not told by their length."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Clock
from tests.reports import secret_hash, take_in


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A client that takes bytes as they come."""
    return FlaskClient(app)


def weight(browser: FlaskClient, address: str, accepted: str) -> tuple[str, int]:
    with browser.get(address, headers={"Accept-Encoding": accepted}) as answer:
        return answer.headers.get("Content-Encoding", ""), len(answer.data)


@pytest.mark.parametrize("address", ["/melden", "/", "/static/css/base.css", "/static/js/report.js"])
def test_pages_styles_and_scripts_shrink_to_less_than_half(browser: FlaskClient, address: str) -> None:
    _, plain = weight(browser, address, "identity")
    encoding, small = weight(browser, address, "gzip, br")
    assert encoding == "br"
    assert small < plain / 2


def test_an_old_phone_gets_gzip(browser: FlaskClient) -> None:
    answer = browser.get("/melden", headers={"Accept-Encoding": "gzip"})
    assert "Mangel melden" in gzip.decompress(answer.data).decode()
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_the_report_page_with_everything_it_loads_stays_below_sixty_kilobytes(browser: FlaskClient) -> None:
    import re

    page = browser.get("/melden").text
    loaded = {"/melden", *re.findall(r'(?:src|href)="(/static/[^"]+\.(?:css|js)[^"]*)"', page)}
    assert sum(weight(browser, address, "br")[1] for address in loaded) < 60_000


def test_pages_with_secrets_are_not_compressed(browser: FlaskClient, session: Session, clock: Clock) -> None:
    secret = "s" * 43
    take_in(session, clock(), secret_hash=secret_hash(secret))
    for address in (f"/meine/{secret}", "/verwaltung/anmelden"):
        assert weight(browser, address, "gzip, br")[0] == ""
