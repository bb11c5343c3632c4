"""Suggestions while somebody types, and what was suggested kept beside what was chosen."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.store.models import Report
from tests.web.public.forms import new_report, photo, send_json


def ask(client: FlaskClient, text: str) -> list[dict[str, object]]:
    answer = client.get("/api/v1/suggest", query_string={"text": text})
    assert answer.status_code == 200
    suggestions: list[dict[str, object]] = answer.get_json()
    return suggestions


def suggested(session: Session) -> list[list[str] | None]:
    return list(session.scalars(select(Report.suggested).order_by(Report.id)))


def test_a_text_leads_to_at_most_three_categories_the_best_first(client: FlaskClient) -> None:
    found = ask(client, "Die Straßenlaterne ist dunkel")
    assert found[0] | {"score": 0} == {"category": "laterne", "group": found[0]["group"], "score": 0}
    assert 1 <= len(found) <= 3
    scores = [float(str(one["score"])) for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize("text", ["", " ", "xyzzy", "\0", "😀", "%"])
def test_nothing_fits_and_nothing_breaks(client: FlaskClient, text: str) -> None:
    assert ask(client, text) == []


def test_no_text_at_all_is_an_empty_list(client: FlaskClient) -> None:
    assert client.get("/api/v1/suggest").get_json() == []


def test_a_text_that_no_report_could_hold_is_refused(client: FlaskClient) -> None:
    assert len(ask(client, "a" * 4000)) == 0
    answer = client.get("/api/v1/suggest", query_string={"text": "a" * 4001})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "text_too_long")


def test_what_somebody_types_is_neither_cached_nor_logged(
    client: FlaskClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = client.get("/api/v1/suggest", query_string={"text": "Geheimnis Laterne"})
    assert answer.headers["Cache-Control"] == "no-store"
    written = capsys.readouterr()
    assert "/api/v1/suggest" in written.out
    assert "Geheimnis" not in written.out + written.err + caplog.text


def test_one_network_cannot_ask_without_end(app: Flask, set_house: object, client: FlaskClient) -> None:
    set_house(rate_limits=True)  # type: ignore[operator]
    answers = [client.get("/api/v1/suggest?text=").status_code for _ in range(301)]
    assert answers[-2:] == [200, 429]


def test_what_was_suggested_stays_beside_what_was_chosen(client: FlaskClient, session: Session) -> None:
    send_json(client, new_report(description="Der Mülleimer quillt über"))
    kept = suggested(session)[0]
    assert kept is not None
    assert kept[0] == "papierkorb"
    assert session.scalars(select(Report)).one().ticket.category.key == "laterne"


def test_the_server_alone_says_what_it_suggested(client: FlaskClient, session: Session) -> None:
    send_json(client, new_report(description="xyzzy", suggested="laterne"))
    assert suggested(session) == [[]]


def test_a_report_without_text_was_never_asked_about(client: FlaskClient, session: Session) -> None:
    send_json(client, new_report(description=None) | {"photos": photo()})
    assert session.scalars(select(Report.id).where(Report.suggested.is_(None))).all() != []
