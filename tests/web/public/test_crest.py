"""A city with a crest shows it beside its name."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.services.administering.load_city import load_city
from maengelmelder.settings import ROOT

CREST = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 4"><path d="M0 0h3v2L1.5 4 0 2z"/></svg>'
LANDSHUT = ROOT / "cities" / "landshut"


@pytest.fixture
def crested(session: Session, tmp_path: Path) -> Iterator[None]:
    directory = tmp_path / "city"
    shutil.copytree(LANDSHUT, directory)
    (directory / "wappen.svg").write_text(CREST)
    settings = directory / "city.yaml"
    settings.write_text(settings.read_text().replace('crest: ""', "crest: wappen.svg"))
    load_city(session, read_city(directory))
    session.commit()
    yield
    load_city(session, read_city(LANDSHUT))
    session.commit()


def test_every_page_shows_the_crest_of_the_city(client: FlaskClient, crested: None) -> None:
    page = client.get("/").text
    address = page.split('class="wordmark"')[1].split('src="')[1].split('"')[0]
    answer = client.get(address)
    assert answer.text == CREST
    assert answer.mimetype == "image/svg+xml"
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_crest_that_is_opened_by_itself_runs_nothing(client: FlaskClient, crested: None) -> None:
    policy = client.get("/wappen").headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy


def test_a_city_without_crest_shows_the_mark_of_the_house(client: FlaskClient) -> None:
    assert "icons.svg" in client.get("/").text.split('class="wordmark"')[1].split("</a>")[0]
    assert client.get("/wappen").status_code == 404
