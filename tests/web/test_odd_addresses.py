"""Addresses that nobody types by accident: each is answered, and none leads anywhere else."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import MONDAY
from tests.reports import take_in

WORDS_OF_URL_FOR = ("endpoint=x", "_scheme=javascript&_external=1", "_external=1", "_method=PUT", "_anchor=x", "self=1")
PAGES = ("/", "/meldungen", "/melden", "/melden/laterne", "/hilfe", "/verwaltung/anmelden", "/api/v1/tickets")


@pytest.mark.parametrize("query", WORDS_OF_URL_FOR)
def test_no_word_in_an_address_means_anything_to_the_program(client: FlaskClient, session: Session, query: str) -> None:
    for _ in range(26):  # more than a page, so that lists lead on
        take_in(session, MONDAY)
    for page in PAGES:
        answer = client.get(f"{page}?{query}&limit=1")
        assert answer.status_code == 200, page
        assert "javascript:" not in answer.text
        assert not re.search(r'href="//|action="//', answer.text)


def test_a_query_cannot_change_the_page_that_another_language_leads_to(client: FlaskClient, session: Session) -> None:
    ticket = take_in(session, MONDAY)
    other = take_in(session, MONDAY)
    page = client.get(f"/vorgang/{ticket.id}?number={other.id}").text
    assert f'href="/vorgang/{ticket.id}?' in page
    assert f'href="/vorgang/{other.id}?' not in page


@pytest.mark.parametrize("key", ["%00", "%00" * 32, "%ED%A0%80", "k" * 3000, "..%2f..%2fetc", "%F0%9F%92%A1"])
def test_a_photo_that_cannot_exist_is_not_found(client: FlaskClient, key: str) -> None:
    assert client.get(f"/foto/{key}/small").status_code == 404
