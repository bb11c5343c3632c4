"""What the reporter's page says: what happens next, how long that usually takes, and nothing to anybody else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.tickets import DECLINE_REASONS, Status
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.reporting.withdraw import withdraw
from maengelmelder.store.models import Delivery, Report, Ticket, TicketEvent
from maengelmelder.web.public.next_steps import AFTER_DECLINING, NEXT
from tests.conftest import Clock
from tests.reports import take_in
from tests.web.public.forms import new_report, send

STRANGER = "/meine/" + "x" * 43


def only_ticket(session: Session) -> Ticket:
    session.rollback()
    return session.scalars(select(Ticket)).one()


def resolve(session: Session, clock: Clock, count: int, days: int, category: str = "laterne") -> None:
    """Lamps that were mended after so many days, and are no longer on anybody's mind."""
    answers = {"laterne": {"art": ["aus"]}}.get(category, {})
    for _ in range(count):
        ticket = take_in(session, clock() - timedelta(days=days), category=category, answers=answers)
        move(session, ticket, Wish(ticket.version, "resolved"), "user:1", clock())
    session.commit()


def test_the_first_words_are_those_that_were_promised(client: FlaskClient, session: Session, clock: Clock) -> None:
    resolve(session, clock, 10, days=5)
    own = send(client, new_report()).location
    words = re.sub(r"<[^>]+>|\s+", " ", client.get(own).text.split("<main")[1])
    words = re.sub(r"\s+", " ", words)
    number = session.scalars(select(Ticket.id).order_by(Ticket.id.desc())).first()
    order = [f"Ihre Meldung hat die Nummer {number}", "Jetzt zuständig", "Üblich sind 6 Tage bis zur Erledigung."]
    places = [words.index(part) for part in ("Angekommen.", *order)]
    assert places == sorted(places)


def test_both_pages_say_how_long_it_usually_takes(client: FlaskClient, session: Session, clock: Clock) -> None:
    resolve(session, clock, 8, days=2)
    resolve(session, clock, 2, days=20)
    own = send(client, new_report()).location
    number = session.scalars(select(Ticket.id).order_by(Ticket.id.desc())).first()
    for path in (own, f"/vorgang/{number}"):
        page = client.get(path).text
        assert "Üblich sind 3 Tage bis zur Erledigung." in page
        assert (
            "9 von 10 solchen Meldungen waren in den letzten zwölf Monaten nach spätestens 21 Tagen erledigt." in page
        )


def test_too_few_figures_of_a_category_leave_the_word_to_the_whole_city(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    resolve(session, clock, 9, days=2)
    own = send(client, new_report()).location
    assert "Üblich" not in client.get(own).text
    resolve(session, clock, 1, days=4, category="radweg")
    clock.pass_(hours=1)
    page = client.get(own).text
    assert "Üblich sind 3 Tage bis zur Erledigung." in page
    assert "9 von 10 aller Meldungen" in page


def test_the_figures_are_read_once_an_hour(client: FlaskClient, session: Session, clock: Clock) -> None:
    own = send(client, new_report()).location
    client.get(own)
    resolve(session, clock, 10, days=2)
    assert "Üblich" not in client.get(own).text
    clock.pass_(hours=1)
    assert "Üblich" in client.get(own).text


def test_a_report_that_waits_longer_than_usual_hears_so(client: FlaskClient, session: Session, clock: Clock) -> None:
    resolve(session, clock, 10, days=2)
    own = send(client, new_report()).location
    clock.pass_(days=2, hours=1)
    assert "länger als üblich" not in client.get(own).text
    clock.pass_(days=1)
    assert "länger als üblich" in client.get(own).text


@pytest.mark.parametrize("status", list(Status))
def test_every_status_says_what_happens_next(
    client: FlaskClient, session: Session, clock: Clock, status: Status
) -> None:
    own = send(client, new_report()).location
    ticket = only_ticket(session)
    if status is not Status.RECEIVED:
        wish = Wish(ticket.version, status, answer="Welche?", reason="other", receiver="swl_licht")
        move(session, ticket, wish, "user:1", clock())
        session.commit()
    page = client.get(own).text
    assert ("Die Stadt hat eine Frage an Sie" if status is Status.WAITING else str(NEXT[status])) in page


@pytest.mark.parametrize("reason", [reason for reason in DECLINE_REASONS if reason != "other"])
def test_every_refusal_says_what_one_can_do_now(
    client: FlaskClient, session: Session, clock: Clock, reason: str
) -> None:
    own = send(client, new_report()).location
    ticket = only_ticket(session)
    move(session, ticket, Wish(ticket.version, "declined", reason=reason), "user:1", clock())
    session.commit()
    assert str(AFTER_DECLINING[reason]) in client.get(own).text


def test_the_link_can_be_copied_scanned_and_mailed_to_oneself(client: FlaskClient) -> None:
    own = send(client, new_report()).location
    page = client.get(own).text
    assert f'value="http://localhost{own}"' in page
    assert f"body=http%3A//localhost{own}" in page
    answer = client.get(f"{own}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.text.startswith("<svg")


def test_what_is_shared_is_the_public_page_never_the_secret(client: FlaskClient, session: Session) -> None:
    own = send(client, new_report()).location
    assert re.findall(r'data-share="([^"]+)"', client.get(own).text) == [f"/vorgang/{only_ticket(session).id}"]
    private = send(client, new_report(**{"category": "parken", "answer-art": "gehweg"})).location
    assert "data-share" not in client.get(private).text


def own_addresses(app: Flask) -> list[tuple[str, str]]:
    """Every address under a secret link, with every method that it has."""
    return [
        (rule.rule.removeprefix("/meine/<secret>"), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/meine/<secret>")
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def test_no_other_secret_opens_any_door(app: Flask, client: FlaskClient, session: Session) -> None:
    own = send(client, new_report(email="rosa@example.org")).location
    before = _rows(session)
    addresses = own_addresses(app)
    assert len(addresses) >= 12
    for path, method in addresses:
        answer = client.open(STRANGER + path, method=method, data={"email": "boese@example.org", "words": "w"})
        assert answer.status_code == 404, path
        assert answer.headers["Cache-Control"] == "no-store"
        assert "rosa" not in answer.text
        if method == "POST":
            foreign = client.post(own + path, headers={"Origin": "https://evil.example"}, data={"words": "w"})
            assert foreign.status_code == 403, path
    assert _rows(session) == before


def test_nothing_under_the_link_is_kept_or_found_and_looking_changes_nothing(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    own = send(client, new_report(email="rosa@example.org")).location
    before = _rows(session)
    for path, method in own_addresses(app):
        if method == "GET":
            answer = client.get(own + path)
            assert answer.status_code == 200, path
            assert answer.headers["Cache-Control"] == "no-store", path
            assert "noindex" in answer.headers["X-Robots-Tag"], path
    assert _rows(session) == before


def _rows(session: Session) -> list[object]:
    session.rollback()
    counts: list[object] = [len(session.scalars(select(model)).all()) for model in (Ticket, TicketEvent, Delivery)]
    return [*counts, session.scalars(select(Report.email)).one()]


def test_somebody_who_joined_and_left_knows_that_the_city_goes_on(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    first = send(client, new_report()).location
    ticket = only_ticket(session)
    second = send(client, new_report(joins=str(ticket.id))).location
    assert "Andere haben dasselbe gemeldet" in client.get(f"{second}/zurueckziehen").text
    assert client.post(f"{second}/zurueckziehen").status_code == 303
    page = client.get(second).text
    assert "Sie haben Ihre Meldung zurückgezogen. Andere haben dasselbe gemeldet" in page
    assert "Foto oder Text ergänzen" not in page
    assert "Angekommen." in client.get(first).text


def test_the_page_of_a_withdrawn_report_offers_nothing_more(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    own = send(client, new_report()).location
    session.rollback()
    withdraw(session, session.scalars(select(Report)).one(), clock())
    session.commit()
    page = client.get(own).text
    assert "Sie haben Ihre Meldung zurückgezogen. Sie können jederzeit neu melden." in page
    assert "Foto oder Text ergänzen" not in page
    assert "Meldung zurückziehen</a>" not in page
    assert client.post(f"{own}/email", data={"email": "rosa@example.org"}).status_code == 409


def test_a_strange_thanks_is_none(client: FlaskClient, set_house: Callable[..., None]) -> None:
    own = send(client, new_report()).location
    assert "box good" not in client.get(f"{own}?danke=<script>").text
