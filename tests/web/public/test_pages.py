"""The city's own pages, in German and English."""

import gzip
import re

import pytest
from flask.testing import FlaskClient

from maengelmelder.web.public.pages import PAGES, blocks_of


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_each_page_is_there_in_both_languages(client: FlaskClient, page: str, language: str) -> None:
    answer = client.get(f"/{page}?lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text


def test_every_page_leads_to_imprint_privacy_and_the_other_language(client: FlaskClient) -> None:
    for address in ("/", "/meldungen", "/melden", "/meine", "/hilfe", "/gibt-es-nicht"):
        page = client.get(address).text
        for link in ("/impressum", "/datenschutz", "/barrierefreiheit"):
            assert f'href="{link}"' in page
        assert "lang=en" in page
        assert 'href="#inhalt"' in page


def test_the_language_is_remembered(client: FlaskClient) -> None:
    client.get("/?lang=en")
    assert '<html lang="en"' in client.get("/meldungen").text


def test_plain_text_becomes_headings_lists_and_paragraphs() -> None:
    blocks = blocks_of("Erste Zeile\nzweite\n\n## Titel\n- eins\n- zwei\n\n- drei\nDanach <b>")
    assert [(block.kind, block.lines) for block in blocks] == [
        ("paragraph", ["Erste Zeile", "zweite"]),
        ("heading", ["Titel"]),
        ("list", ["eins", "zwei", "drei"]),
        ("paragraph", ["Danach <b>"]),
    ]


def test_the_city_sets_its_colour(client: FlaskClient) -> None:
    assert client.get("/stadt.css").text == ":root { --city-accent: #00528A; }\n"


def _read(client: FlaskClient, address: str) -> bytes:
    answer = client.get(address)
    data: bytes = answer.data
    answer.close()
    return data


def test_the_report_page_stays_light(client: FlaskClient) -> None:
    """60 KB compressed without the map (HTML, styles, scripts, icons)."""
    page = client.get("/melden")
    assets = set(re.findall(r'(?:href|src)="(/static/[^"#]+|/stadt.css)', page.text))
    assets |= {f"/static/js/{name}.js" for name in ("report_photos", "report_place", "documents", "map", "trusted")}
    assets |= {"/static/icons.svg"}
    bodies = [page.data, *(_read(client, address) for address in assets)]
    assert sum(len(gzip.compress(body)) for body in bodies) < 60_000
