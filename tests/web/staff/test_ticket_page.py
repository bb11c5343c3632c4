"""One ticket on one page."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.domain.photos import stored_name
from maengelmelder.house import house
from maengelmelder.store.models import Delivery, Photo, Ticket
from tests.conftest import Clock
from tests.people import hidden_in
from tests.reports import POTHOLE, take_in
from tests.web.staff.conftest import LAMPS, Enter, count_queries


def page_of(client: FlaskClient, ticket: Ticket | int) -> str:
    number = ticket if isinstance(ticket, int) else ticket.id
    response = client.get(f"/verwaltung/vorgang/{number}")
    assert response.status_code == 200
    return response.text


def test_a_clerk_reads_what_was_reported_and_why_it_came_here(enter: Enter, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    page = page_of(enter("clerk", LAMPS), ticket)
    assert "Die Laterne vor dem Rathaus ist aus." in page
    assert "→ Stadtwerke Landshut – Straßenbeleuchtung" in page
    assert "wartet auf Freigabe" in page
    assert 'data-lon="12.1522"' in page
    assert "Auftrag" in page
    assert "wartet auf Versand" in page


def test_contact_data_is_masked(enter: Enter, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), email="rosa.maier@post.example.de", name="Rosa Maier")
    for client in (enter("clerk", LAMPS), enter("desk"), enter("administrator")):
        page = page_of(client, ticket)
        assert "r…@p….de" in page
        assert "R… M…" in page
        for secret in ("rosa.maier", "post.example", "Maier"):
            assert secret not in page


def test_an_answer_that_decided_the_route_is_named(enter: Enter, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    ticket.because = {"rule": "answer", "question": "art", "option": "aus", "area": ""}
    session.commit()
    assert "Antwort „" in page_of(enter("desk"), ticket)


@pytest.mark.parametrize(
    ("because", "sentence"),
    [
        ({"rule": "area", "area": "boundary"}, " in "),
        ({"rule": "area", "area": "was-it-not-retired"}, "in was-it-not-retired →"),
        ({"rule": "desk"}, "Keine Regel passt →"),
        ({}, "Keine Regel passt →"),
    ],
)
def test_the_reason_is_a_sentence_even_when_the_catalogue_moved_on(
    enter: Enter, session: Session, clock: Clock, because: dict[str, str], sentence: str
) -> None:
    ticket = take_in(session, clock())
    ticket.because = because
    session.commit()
    assert sentence in page_of(enter("desk"), ticket)


def test_photos_are_shown_to_staff_before_release_and_to_no_one_else(
    app: Flask, enter: Enter, session: Session, clock: Clock, work: Callable[[], int]
) -> None:
    ticket = take_in(session, clock(), photos=(POTHOLE,))
    key = ticket.photos[0].key
    own = enter("clerk", LAMPS)
    assert "wird gerade vorbereitet" in page_of(own, ticket)
    assert own.get(f"/verwaltung/foto/{key}/small").status_code == 404
    session.rollback()
    work()
    assert f"/verwaltung/foto/{key}/large" in page_of(own, ticket)
    for size in ("small", "large"):
        shown = own.get(f"/verwaltung/foto/{key}/{size}")
        assert shown.mimetype == "image/jpeg"
        assert shown.data[:2] == b"\xff\xd8"
        assert "sandbox" in shown.headers["Content-Security-Policy"]
        assert shown.headers["Cache-Control"] == "private, no-store"
    assert own.get(f"/verwaltung/foto/{key}/original").status_code == 404
    assert enter("clerk", "tba").get(f"/verwaltung/foto/{key}/small").status_code == 404
    assert app.test_client().get(f"/verwaltung/foto/{key}/small").status_code == 303


def test_a_broken_photo_says_so(enter: Enter, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), photos=(POTHOLE,))
    session.query(Photo).one().state = "failed"
    session.commit()
    assert "lässt sich nicht anzeigen" in page_of(enter("clerk", LAMPS), ticket)


def test_a_photo_whose_file_is_gone_is_not_found(enter: Enter, session: Session, clock: Clock) -> None:
    take_in(session, clock(), photos=(POTHOLE,))
    photo = session.query(Photo).one()
    photo.state = "ready"
    house().photos.delete(stored_name(photo.key, "small"))
    key = photo.key
    session.commit()
    assert enter("desk").get(f"/verwaltung/foto/{key}/small").status_code == 404


@pytest.mark.parametrize("key", ["..%2F..%2Fetc", "x" * 32, "%00", "a" * 65, "ä" * 20])
def test_odd_photo_keys_are_not_found(enter: Enter, key: str) -> None:
    assert enter("desk").get(f"/verwaltung/foto/{key}/small").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "2147483647", "2147483648", "9" * 40, "-1", "abc"])
def test_numbers_that_nobody_has_are_not_found(enter: Enter, number: str) -> None:
    assert enter("administrator").get(f"/verwaltung/vorgang/{number}").status_code == 404


def test_a_failed_delivery_is_seen(enter: Enter, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    session.query(Delivery).update({"state": "dead"})
    session.commit()
    client = enter("desk")
    assert "fehlgeschlagen" in page_of(client, ticket)
    assert "Zustellung fehlgeschlagen" in client.get("/verwaltung/").text


def test_what_citizens_write_is_text_and_nothing_else(enter: Enter, session: Session, clock: Clock) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}'
    ticket = take_in(session, clock(), description=evil, address=evil, name=evil[:90])
    client = enter("desk", name=evil[:90])
    for page in (page_of(client, ticket), client.get("/verwaltung/").text, client.get("/verwaltung/?q=%22%3E").text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_ticket_without_a_point_says_that_it_has_only_words(enter: Enter, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), place=None, address="Ecke Hauptstraße, beim Brunnen")
    page = page_of(enter("desk"), ticket)
    assert "data-lon" not in page
    assert "Ecke Hauptstraße, beim Brunnen" in page


def test_a_reader_sees_no_buttons(enter: Enter, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    page = page_of(enter("reader", LAMPS), ticket)
    assert "aber nicht ändern" in page
    assert f"/verwaltung/vorgang/{ticket.id}/" not in page


def test_the_page_takes_as_many_queries_for_a_long_history_as_for_a_short_one(
    app: Flask, enter: Enter, session: Session, clock: Clock
) -> None:
    ticket = take_in(session, clock())
    number, client = ticket.id, enter("clerk", LAMPS)
    short = count_queries(app, lambda: page_of(client, number))
    for count in range(12):
        hidden = hidden_in(page_of(client, number))
        data = hidden | {"note": f"Notiz {count}", "answer": f"Antwort {count}"}
        assert client.post(f"/verwaltung/vorgang/{number}/status", data=data).status_code == 303
    assert count_queries(app, lambda: page_of(client, number)) <= short + 1


def test_the_page_speaks_english(enter: Enter, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    client = enter("desk")
    page = client.get(f"/verwaltung/vorgang/{ticket.id}?lang=en").text
    assert "Street light" in page or "lamp" in page.lower()
