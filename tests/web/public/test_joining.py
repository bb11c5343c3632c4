"""Joining through the citizens' door: in the report form, and with one button on the ticket's page."""

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import RateLimitItemPerHour
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from maengelmelder.domain.tickets import Status
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.models import Delivery, Photo, Report, Ticket, TicketText
from maengelmelder.web import limits
from tests.conftest import Clock
from tests.people import add_clerk, log_in
from tests.reports import LAMP, take_in
from tests.web.public.forms import JSON, hidden_fields, new_report, photo, send, send_json

EVIL = {"Origin": "https://evil.example"}


def counts(session: Session) -> tuple[int, int]:
    """How many tickets and reports there are."""
    session.rollback()
    return tuple(session.scalar(select(func.count(model.id))) or 0 for model in (Ticket, Report))  # type: ignore[return-value]


def joining(number: object, **changes: Any) -> dict[str, Any]:
    """What a phone sends that joins: neither place nor category nor words."""
    nothing = dict.fromkeys(("lat", "lon", "category", "answer-art", "description"))
    return new_report(**(nothing | {"joins": str(number)} | changes))


def affects_me(client: FlaskClient, number: int, headers: Any = None, **fields: str) -> TestResponse:
    form = {"submission": str(uuid.uuid4()), "secret": uuid.uuid4().hex + "A" * 11} | fields
    return client.post(f"/vorgang/{number}/betrifft", data=form, headers=headers or {})


def resolve(session: Session, clock: Clock, ticket: Ticket) -> None:
    move(session, ticket, Wish(ticket.version, status=Status.RESOLVED), "user:1", clock())
    session.commit()


def test_a_phone_joins_with_nothing_but_the_number(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    fields = joining(ticket.id)
    first, again = send_json(client, fields), send_json(client, fields)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json()["number"] == again.get_json()["number"] == ticket.id
    assert counts(session) == (1, 2)


def test_words_photo_and_address_come_along(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    fields = joining(ticket.id, description="Seit Tagen dunkel.", email="rosa@example.org", photos=photo())
    own = send(client, fields).location
    assert counts(session) == (1, 2)
    page = client.get(own).text
    assert "Seit Tagen dunkel." in page
    assert "Das Foto wird gerade verarbeitet." in page
    assert "vor dem Rathaus" not in page
    assert session.scalar(select(func.count(Delivery.id)).where(Delivery.kind == "confirm")) == 1


def test_a_photo_that_was_uploaded_before_comes_along(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    fields = joining(ticket.id, photos=photo(), email="falsch")
    page = send(client, fields).text
    (key,) = re.findall(r'name="uploads" value="([^"]+)"', page)
    fields = {name: value for name, value in fields.items() if name != "photos"} | {"email": "", "uploads": key}
    assert send(client, fields).status_code == 303
    session.rollback()
    assert session.scalars(select(Photo.key)).all() == [key]


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "1.5", "9" * 10, "٣", "1\0", "1 OR 1=1"])
def test_a_number_that_leads_nowhere_is_a_sentence_and_nothing_is_lost(client: FlaskClient, number: str) -> None:
    fields = new_report(joins=number, description="Meine Worte")
    answer = send_json(client, fields)
    assert answer.status_code == 422
    assert set(answer.get_json()["error"]["fields"]) == {"joins"}
    page = send(client, fields)
    assert page.status_code == 422
    assert "Meine Worte" in page.text
    assert 'id="e-joins"' in page.text
    assert "Nein, etwas anderes" in page.text


def test_what_is_not_public_cannot_be_told_from_what_does_not_exist(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    hidden = take_in(session, clock(), category="schrottauto", answers={})
    fields = joining(0)
    unknown = send_json(client, fields).get_json()
    assert send_json(client, fields | {"joins": str(hidden.id)}).get_json() == unknown
    assert affects_me(client, hidden.id).status_code == affects_me(client, 999).status_code == 404


def test_what_ended_long_ago_offers_to_be_sent_as_new(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    resolve(session, clock, ticket)
    clock.pass_(days=15)
    fields = new_report(joins=str(ticket.id))
    page = send(client, fields).text
    assert f"Vorgang {ticket.id} ist schon länger abgeschlossen." in page
    assert send(client, fields | {"joins": ""}).status_code == 303
    assert counts(session) == (2, 2)


def test_too_long_a_text_joins_nothing_and_stays(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    answer = send_json(client, joining(ticket.id, description="a" * 4001))
    assert set(answer.get_json()["error"]["fields"]) == {"description"}
    assert counts(session) == (1, 1)


def test_a_wrong_place_hinders_nobody_who_joins(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    assert send_json(client, joining(ticket.id, lat="x", lon="500", accuracy="weit")).status_code == 201


def test_without_scripts_the_next_page_asks_whether_it_is_the_same(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    ticket = take_in(session, clock())
    page = send(client, new_report(step="questions", description=None)).text
    assert f'name="joins" value="{ticket.id}"' in page
    assert re.search(r'name="joins" value="" checked', page)
    assert "an derselben Stelle · heute gemeldet" in page
    answer = send(client, hidden_fields(page) | {"joins": str(ticket.id)})
    assert answer.status_code == 303
    assert counts(session) == (1, 2)


def test_without_scripts_nothing_is_asked_where_nothing_is_near(client: FlaskClient) -> None:
    page = send(client, new_report(step="questions", description=None)).text
    assert re.search(r'data-step="nearby"[^>]* data-empty hidden', page)


def test_one_button_makes_one_more_person(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    page = client.get(f"/vorgang/{ticket.id}").text
    assert "Betrifft mich auch" in page
    assert "Personen betroffen" not in page
    fields = {name: value for name, value in hidden_fields(page).items() if name in ("submission", "secret")}
    answers = [affects_me(client, ticket.id, **fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location == f"/meine/{fields['secret']}"
    assert counts(session) == (1, 2)
    for address in (f"/vorgang/{ticket.id}", "/meldungen", "/"):
        assert "2 Personen betroffen" in client.get(address).text
    assert "Eine weitere Person hat das gemeldet." in client.get(f"/vorgang/{ticket.id}").text


def test_staff_see_how_many_it_concerns(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    send_json(client, joining(ticket.id, description="Auch bei uns."))
    add_clerk(session, "desk@stadt.example", ["desk"])
    page = log_in(client, "desk@stadt.example").get(f"/verwaltung/vorgang/{ticket.id}").text
    assert "2 Personen" in page
    assert "Auch bei uns." in page
    assert "Weitere Meldung dazu" in page


def test_many_who_join_are_one_line_of_the_story(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    for _ in range(3):
        affects_me(client, ticket.id)
    page = client.get(f"/vorgang/{ticket.id}").text
    assert page.count("3 weitere Personen haben das gemeldet.") == 1
    assert "4 Personen betroffen" in page


def test_ten_who_join_at_the_same_moment_are_ten(app: Flask, session: Session, clock: Clock) -> None:
    number = take_in(session, clock()).id
    session.rollback()
    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(lambda _: affects_me(app.test_client(), number).status_code, range(10)))
    assert statuses == [303] * 10
    ticket = session.get_one(Ticket, number)
    assert ticket.affected == 11
    assert [event.position for event in ticket.events] == list(range(1, 13))


def test_one_who_taps_many_times_at_the_same_moment_is_one(app: Flask, session: Session, clock: Clock) -> None:
    number = take_in(session, clock()).id
    session.rollback()
    once = {"submission": str(uuid.uuid4()), "secret": uuid.uuid4().hex + "A" * 11}
    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(lambda _: affects_me(app.test_client(), number, JSON, **once).status_code, range(6)))
    assert sorted(statuses) == [200] * 5 + [201]
    assert session.get_one(Ticket, number).affected == 2


def test_a_machine_may_press_the_button_too(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    answer = affects_me(client, ticket.id, JSON)
    assert answer.status_code == 201
    assert answer.get_json()["number"] == ticket.id


def test_the_button_brings_news_to_a_confirmed_address_only(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    ticket = take_in(session, clock())
    affects_me(client, ticket.id, email="rosa@example.org")
    assert session.scalar(select(func.count(Delivery.id)).where(Delivery.kind == "confirm")) == 1


def test_a_wrong_address_is_said_at_the_field_and_stays(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    answer = affects_me(client, ticket.id, email="rosa<at>example")
    assert answer.status_code == 422
    assert 'id="e-email"' in answer.text
    assert "rosa&lt;at&gt;example" in answer.text
    assert counts(session) == (1, 1)
    assert affects_me(client, ticket.id, JSON, email="rosa").get_json()["error"]["code"] == "email_invalid"


def test_somebody_elses_number_is_not_taken_twice(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    submission = str(uuid.uuid4())
    assert affects_me(client, ticket.id, submission=submission).status_code == 303
    assert affects_me(client, ticket.id, submission=submission).status_code == 409


def test_no_other_site_and_no_robot_joins_anybody(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    assert affects_me(client, ticket.id, EVIL).status_code == 403
    assert affects_me(client, ticket.id, website="https://spam.example").status_code == 400
    assert counts(session) == (1, 1)


def test_one_network_cannot_inflate_a_ticket_without_end(
    client: FlaskClient,
    session: Session,
    clock: Clock,
    set_house: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_house(rate_limits=True)
    monkeypatch.setattr(limits, "JOINS", RateLimitItemPerHour(2))
    ticket = take_in(session, clock())
    assert [affects_me(client, ticket.id).status_code for _ in range(3)] == [303, 303, 429]
    assert send_json(client, joining(ticket.id)).status_code == 429
    assert send_json(client, new_report()).status_code == 201


def test_nothing_is_offered_that_cannot_be_joined(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    resolve(session, clock, ticket)
    assert "Betrifft mich auch" in client.get(f"/vorgang/{ticket.id}").text
    clock.pass_(days=15)
    assert "Betrifft mich auch" not in client.get(f"/vorgang/{ticket.id}").text
    assert affects_me(client, ticket.id).status_code == 422


def test_the_ticket_shows_what_others_said_after_its_release(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    ticket = take_in(session, clock())
    send_json(client, joining(ticket.id, description="Auch in der Nacht."))
    assert "Auch in der Nacht." not in client.get(f"/vorgang/{ticket.id}").text
    for text in session.scalars(select(TicketText)):
        text.released_at = clock()
    session.commit()
    page = client.get(f"/vorgang/{ticket.id}").text
    assert LAMP.description in page
    assert "Auch in der Nacht." in page


def test_one_who_joined_takes_back_their_own_part_only(client: FlaskClient, session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    own = affects_me(client, ticket.id).location
    assert "Andere haben dasselbe gemeldet" in client.get(f"{own}/zurueckziehen").text
    assert client.post(f"{own}/zurueckziehen").status_code == 303
    page = client.get(f"/vorgang/{ticket.id}")
    assert page.status_code == 200
    assert "Personen betroffen" not in page.text
