"""Every language that has a catalogue is spoken everywhere; nothing else has to be told."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.app import create_app
from maengelmelder.database import db
from maengelmelder.domain.city import Text
from maengelmelder.house import house
from maengelmelder.settings import SettingError
from maengelmelder.store.models import Report
from maengelmelder.web.languages import find_languages, language_of
from maengelmelder.worker.loop import work_once
from tests.languages import in_arabic_letters, write_catalogue
from tests.strict_client import StrictClient, let_go
from tests.web.public.forms import new_report, send

LETTERS = re.compile("[\u0621-\u064a]")


@pytest.fixture
def worldly(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The same city with one catalogue more, in a directory of its own."""
    directory = write_catalogue(tmp_path / "translations", "ar", in_arabic_letters)
    settings = replace(house(app).settings, translations=directory)
    made = create_app(house=replace(house(app), settings=settings))
    made.testing = True
    made.test_client_class = StrictClient
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def visitor(worldly: Flask) -> FlaskClient:
    return worldly.test_client()


def test_one_catalogue_more_makes_the_whole_site_speak_it(visitor: FlaskClient) -> None:
    for address in ("/", "/meldungen", "/melden/laterne", "/meine", "/hilfe", "/gibt-es-nicht", "/verwaltung/anmelden"):
        page = visitor.get(address, headers={"Accept-Language": "ar-EG,ar;q=0.9"}).get_data(as_text=True)
        assert '<html lang="ar" dir="rtl"' in page, address
        assert LETTERS.search(re.sub(r'<nav class="languages".*?</nav>', "", page, flags=re.DOTALL)), address


def test_the_menu_offers_it_by_its_own_name(visitor: FlaskClient) -> None:
    menu = re.findall(r'hreflang="([^"]+)" dir="(\w+)"[^>]*>([^<]+)<', visitor.get("/").text)
    assert ("ar", "rtl", "العربية") in menu
    assert ("de", "ltr", "Deutsch") in menu
    assert ("en", "ltr", "English") in menu


def test_errors_and_mails_keep_the_language_of_the_report(
    worldly: Flask, visitor: FlaskClient, session: Session, mailbox: MemoryMailer
) -> None:
    refused = send(visitor, new_report(description="", language="ar"), **{"Accept-Language": "ar"})
    assert LETTERS.search("".join(re.findall(r'id="errors".*?</div>', refused.text, re.DOTALL)))
    assert send(visitor, new_report(email="rosa@example.org", language="ar")).status_code == 303
    assert session.scalars(select(Report.language)).one() == "ar"
    session.rollback()
    let_go()
    while (done := work_once(worldly)) > 0:
        continue
    assert done == 0
    mail = next(mail for mail in mailbox.sent if mail["To"] == "rosa@example.org")
    assert LETTERS.search(mail["Subject"])
    body = mail.get_body(("html",))
    assert body is not None
    assert '<html lang="ar" dir="rtl">' in body.get_content()


def test_leichte_sprache_is_a_language_of_its_own(client: FlaskClient) -> None:
    page = client.get("/?lang=de-simple").text
    assert '<html lang="de-simple" dir="ltr"' in page
    assert ">Leichte Sprache</a>" in page
    assert "Was ist los in" not in page
    assert '<html lang="de-simple"' in client.get("/meldungen").text  # it is remembered


def test_leichte_sprache_is_asked_for_by_a_browser_too(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Language": "de-simple,de;q=0.5"}).text
    assert '<html lang="de-simple"' in answer
    assert '<html lang="de"' in client.get("/", headers={"Accept-Language": "de-AT,de;q=0.5"}).text


def test_a_report_in_leichte_sprache_stays_so(client: FlaskClient, session: Session) -> None:
    assert send(client, new_report(language="de@simple")).status_code == 303
    assert send(client, new_report(language="de-simple")).status_code == 303
    assert set(session.scalars(select(Report.language))) == {"de@simple"}


def test_words_of_the_city_fall_back_to_the_next_of_kin() -> None:
    name = Text("Schlagloch", {"en": "Pothole", "de@simple": "Loch in der Straße"})
    spoken = [name.in_language(code) for code in ("de", "de@simple", "en@simple", "uk")]
    assert spoken == ["Schlagloch", "Loch in der Straße", "Pothole", "Schlagloch"]


def test_a_directory_that_is_no_language_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "klingonisch" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "klingonisch" / "LC_MESSAGES" / "messages.mo").touch()
    with pytest.raises(SettingError, match="klingonisch"):
        find_languages([tmp_path])


@pytest.mark.parametrize(
    ("code", "tag", "name", "direction"),
    [
        ("uk", "uk", "Українська", "ltr"),
        ("fa", "fa", "فارسی", "rtl"),
        ("pt_BR", "pt-BR", "Português (Brasil)", "ltr"),
        ("de@simple", "de-simple", "Leichte Sprache", "ltr"),
    ],
)
def test_babel_knows_name_tag_and_direction(code: str, tag: str, name: str, direction: str) -> None:
    language = language_of(code)
    assert (language.tag, language.name, language.direction) == (tag, name, direction)
