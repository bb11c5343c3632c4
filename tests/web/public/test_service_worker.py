"""The site without a network: what the service worker keeps, and what makes a phone offer to install it."""

import json
import os
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.store.models import City
from maengelmelder.web.public import service_worker

CODE = "addEventListener('fetch', () => {});\n"


@pytest.fixture
def bundled(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site with bundles made: a folder of static files that lies elsewhere."""
    built = tmp_path / "static" / "built"
    (built / "js").mkdir(parents=True)
    (built / "sw.js").write_text(CODE)
    for name in ("report.js", "badge.js", "part-chunk-ABCDEFGH.js", "staff.js"):
        (built / "js" / name).write_text("")
    monkeypatch.setattr(app, "static_folder", str(tmp_path / "static"))
    service_worker._mark_of_words.cache_clear()
    return built


def kept(client: FlaskClient) -> dict[str, Any]:
    """What the service worker is told to keep."""
    found = re.match(r"const city = (\{.*\});\n", client.get("/sw.js").text)
    assert found
    list_: dict[str, Any] = json.loads(found[1])
    return list_


def test_without_bundles_there_is_no_service_worker(client: FlaskClient, bundled: Path) -> None:
    (bundled / "sw.js").unlink()
    assert client.get("/sw.js").status_code == 404


def test_the_service_worker_is_asked_for_anew_each_time(client: FlaskClient, bundled: Path) -> None:
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.text.endswith(CODE)
    assert client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_it_keeps_the_form_the_questions_and_every_language(client: FlaskClient, bundled: Path) -> None:
    assert {"/melden", "/melden/fragen", "/meine", "/meine/wartet", "/offline", "/hilfe"} <= set(kept(client)["pages"])
    assert kept(client)["languages"][0] == "de"
    assert "en" in kept(client)["languages"]


def test_it_keeps_nothing_private_and_nothing_of_the_staff(client: FlaskClient, bundled: Path) -> None:
    everything = [*kept(client)["pages"], *kept(client)["files"]]
    assert not [address for address in everything if re.search("verwaltung|einrichtung|auftrag|/foto|staff", address)]
    assert not [address for address in everything if re.match(r"/meine/[\w-]{43}", address)]


def test_every_page_that_it_keeps_is_there(client: FlaskClient, bundled: Path) -> None:
    for page in kept(client)["pages"]:
        for language in kept(client)["languages"]:
            assert client.get(f"{page}?lang={language}").status_code == 200, page


def test_every_file_that_the_real_site_keeps_is_there(client: FlaskClient, app: Flask) -> None:
    has_bundles = (Path(str(app.static_folder)) / service_worker.WORKER).exists()
    if not has_bundles and os.environ.get("CI") != "true":
        pytest.skip("no bundles on this machine: run `make test`, which makes them")
    for address in kept(client)["files"]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        answer.close()


def test_a_new_file_or_a_new_catalogue_makes_a_new_version(
    client: FlaskClient, bundled: Path, session: Session
) -> None:
    first = kept(client)["version"]
    assert kept(client)["version"] == first
    (bundled / "sw.js").write_text(CODE + "// newer\n")
    second = kept(client)["version"]
    city = session.query(City).one()
    city.revision += 1
    session.commit()
    assert len({first, second, kept(client)["version"]}) == 3


def test_kept_pages_know_nobody(client: FlaskClient) -> None:
    """They are fetched without cookies; what is minted in them is drawn anew on the phone."""
    for page in ("/offline", "/meine/wartet", "/melden/fragen"):
        assert "Set-Cookie" not in client.get(page).headers


def test_the_questions_of_every_category_stand_in_one_document(client: FlaskClient) -> None:
    page = client.get("/melden/fragen").text
    categories = set(re.findall(r'<template data-for="([^"]+)"', page))
    offered = set(re.findall(r'type="radio" name="category" value="([^"]+)"', client.get("/melden").text))
    assert categories == offered
    assert 'name="answer-art"' in page
    assert "data-stop" in page


def test_the_questions_speak_the_language_of_the_visitor(client: FlaskClient) -> None:
    assert "Ich habe angerufen" in client.get("/melden/fragen").text
    assert "Ich habe angerufen" not in client.get("/melden/fragen?lang=en").text


def test_an_unknown_link_says_kindly_that_the_report_may_still_wait_on_the_phone(client: FlaskClient) -> None:
    answer = client.get(f"/meine/{'x' * 43}")
    assert answer.status_code == 404
    assert "noch nicht bei uns angekommen" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"/meine/{'x' * 43}", headers={"Accept": "application/json"}).get_json()["error"]["code"]


def test_staff_pages_neither_register_nor_send(client: FlaskClient) -> None:
    assert "badge" not in client.get("/verwaltung/anmelden").text
    assert "badge" in client.get("/hilfe").text


def test_the_site_can_be_put_on_a_home_screen(client: FlaskClient) -> None:
    manifest = client.get("/manifest.webmanifest").get_json()
    assert manifest["name"] == "Mängelmelder Landshut"
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert manifest["lang"] == "de"
    assert [shortcut["url"] for shortcut in manifest["shortcuts"]] == ["/melden", "/meine"]
    assert client.get("/manifest.webmanifest?lang=en").get_json()["lang"] == "en"


def test_its_icons_are_as_large_as_they_say(client: FlaskClient) -> None:
    icons = client.get("/manifest.webmanifest").get_json()["icons"]
    found = {(icon["purpose"], icon["sizes"]) for icon in icons}
    assert {("any", "192x192"), ("any", "512x512"), ("maskable", "192x192"), ("maskable", "512x512")} <= found
    for icon in icons:
        answer = client.get(icon["src"])
        data = answer.data
        answer.close()
        if icon["type"] == "image/png":
            assert "x".join(map(str, struct.unpack(">II", data[16:24]))) == icon["sizes"]
        else:
            assert b"<svg" in data
