"""The inbox: what a clerk finds, how fast, and in which order."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.store.models import Department, Ticket, TicketEvent
from maengelmelder.store.queries.inbox import PAGE_SIZE
from tests.conftest import Clock
from tests.people import hidden_in
from tests.reports import take_in
from tests.web.staff.conftest import LAMPS, Enter, count_queries


def numbers_on(page: str) -> list[int]:
    """The tickets of a page, from top to bottom."""
    return [int(number) for number in re.findall(r'class="matter"><a href="/verwaltung/vorgang/(\d+)"', page)]


def numbers(client: FlaskClient, query: str = "") -> list[int]:
    response = client.get(f"/verwaltung/?{query}")
    assert response.status_code == 200
    return numbers_on(response.text)


def count_of(page: str, view: str) -> int:
    found = re.search(rf'view={view}[^>]*>[^<]*<span class="count">(\d+)', page)
    assert found
    return int(found.group(1))


def pothole(session: Session, clock: Clock) -> Ticket:
    return take_in(session, clock(), category="schlagloch", answers={"lage": ["fahrbahnrand"]})


def test_a_clerk_finds_the_own_departments_tickets_and_the_desk_all(
    enter: Enter, session: Session, clock: Clock
) -> None:
    lamp, hole = take_in(session, clock()).id, pothole(session, clock).id
    assert numbers(enter("clerk", LAMPS)) == [lamp]
    assert numbers(enter("clerk", "bab")) == [hole]
    assert numbers(enter("clerk", "bab", LAMPS)) == [hole, lamp]
    assert numbers(enter("desk")) == numbers(enter("administrator")) == [hole, lamp]
    assert numbers(enter("clerk", "sga")) == []


def test_the_newest_are_on_top_or_the_urgent_ones(enter: Enter, session: Session, clock: Clock) -> None:
    tickets = []
    for urgency in ("hoch", "niedrig", "mittel", "hoch", "niedrig"):
        clock.pass_(minutes=1)
        ticket = take_in(session, clock())
        ticket.urgency = urgency
        tickets.append(ticket.id)
    session.commit()
    a, b, c, d, e = tickets
    desk = enter("desk")
    assert numbers(desk) == [e, d, c, b, a]
    assert numbers(desk, "sort=urgent") == [d, a, c, e, b]


def test_an_old_report_that_was_imported_today_is_not_new(enter: Enter, session: Session, clock: Clock) -> None:
    fresh = take_in(session, clock()).id
    old = take_in(session, clock() - timedelta(days=900)).id
    assert numbers(enter("desk")) == [fresh, old]


@pytest.mark.parametrize("sort", ["newest", "urgent"])
def test_pages_show_every_ticket_once_also_when_new_ones_come_in(
    enter: Enter, session: Session, clock: Clock, sort: str
) -> None:
    for count in range(2 * PAGE_SIZE + 5):
        if count % 3:
            clock.pass_(microseconds=1)
        ticket = take_in(session, clock())
        ticket.urgency = ("hoch", "mittel", "niedrig")[count % 3]
    session.commit()
    desk = enter("desk")
    everything = {ticket.id for ticket in session.query(Ticket)}
    seen: list[int] = []
    address: str | None = f"/verwaltung/?view=all&sort={sort}"
    while address:
        page = desk.get(address).text
        seen += numbers_on(page)
        take_in(session, clock() + timedelta(hours=1)).urgency = "hoch"
        session.commit()
        link = re.search(r'rel="next" href="([^"]+)"', page)
        address = link.group(1).replace("&amp;", "&") if link else None
    assert len(seen) == len(set(seen))
    assert set(seen) == everything


def test_views_and_their_numbers_agree(enter: Enter, session: Session, clock: Clock) -> None:
    new = take_in(session, clock()).id
    moved, done, held, spam = (take_in(session, clock()) for _ in range(4))
    moved.status, done.status, held.held = "in_progress", "resolved", True
    spam.status, spam.decline_reason, spam.held = "declined", "spam", True
    for ticket in (moved, done, spam):
        for text in ticket.texts:
            text.released_at = clock()
    for text in held.texts:
        text.withheld_at = clock()
    session.commit()
    ids = {name: ticket.id for name, ticket in (("moved", moved), ("done", done), ("held", held), ("spam", spam))}
    desk = enter("desk")
    page = desk.get("/verwaltung/").text
    found = {view: set(numbers(desk, f"view={view}")) for view in ("new", "open", "release", "refused", "all")}
    assert found["new"] == {new, ids["held"]}
    assert found["open"] == {new, ids["held"], ids["moved"]}
    assert found["release"] == {new, ids["held"]}
    assert found["refused"] == set()
    assert found["all"] == {new, *ids.values()}
    assert {view: count_of(page, view) for view in found} == {view: len(ids) for view, ids in found.items()}


def test_what_a_department_refused_waits_with_the_desk_until_it_is_given_on(
    enter: Enter, session: Session, clock: Clock
) -> None:
    number = take_in(session, clock()).id
    clerk, desk = enter("clerk", LAMPS), enter("desk")
    data = hidden_in(clerk.get(f"/verwaltung/vorgang/{number}").text) | {"note": "Nicht unseres"}
    clerk.post(f"/verwaltung/vorgang/{number}/nicht-zustaendig", data=data)
    assert numbers(desk, "view=refused") == [number]
    data = hidden_in(desk.get(f"/verwaltung/vorgang/{number}").text) | {"department": "tba"}
    desk.post(f"/verwaltung/vorgang/{number}/abgeben", data=data)
    assert numbers(desk, "view=refused") == []


def test_filters_combine(enter: Enter, session: Session, clock: Clock) -> None:
    lamp, hole = take_in(session, clock()), pothole(session, clock)
    hole.status = "scheduled"
    session.commit()
    lamp_number, hole_number = lamp.id, hole.id
    desk = enter("desk")
    assert numbers(desk, "category=laterne") == [lamp_number]
    assert numbers(desk, "department=bab") == [hole_number]
    assert numbers(desk, "status=scheduled") == [hole_number]
    assert numbers(desk, "category=laterne&status=scheduled") == []
    assert "Dazu gibt es hier keinen Vorgang." in desk.get("/verwaltung/?category=laterne&status=scheduled").text
    page = desk.get("/verwaltung/?category=laterne").text
    assert count_of(page, "all") == 1
    assert '<option value="laterne" selected>' in page


def test_a_clerk_cannot_filter_for_another_department(enter: Enter, session: Session, clock: Clock) -> None:
    lamp = take_in(session, clock()).id
    pothole(session, clock)
    assert numbers(enter("clerk", LAMPS), "department=bab") == [lamp]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("RATHAUS", True),
        ("rathaus", True),
        ("ölspur", True),
        ("Luitpoldstr", True),
        ("100%", True),
        ("%", True),
        ("%25x", False),
        ("a_b", False),
        ("Leitermitnahme", False),
        ("\x00", True),
        ("'; DROP TABLE tickets; --", False),
        ("x" * 5000, False),
    ],
)
def test_words_are_found_in_what_citizens_wrote(
    enter: Enter, session: Session, clock: Clock, query: str, found: bool
) -> None:
    words = "Ölspur vor dem Rathaus, 100% dunkel"
    ticket = take_in(session, clock(), description=words, address="Luitpoldstraße 3")
    number = ticket.id
    desk = enter("desk")
    data = hidden_in(desk.get(f"/verwaltung/vorgang/{number}").text) | {"note": "Leitermitnahme"}
    desk.post(f"/verwaltung/vorgang/{number}/status", data=data)
    page = desk.get("/verwaltung/", query_string={"q": query})
    assert (number in numbers_on(page.text)) == found


def test_a_number_finds_its_ticket_in_any_spelling(enter: Enter, session: Session, clock: Clock) -> None:
    number = take_in(session, clock()).id
    take_in(session, clock())
    desk = enter("desk")
    for spelling in (f"{number}", f"%23{number}", f"+{number}+"):
        assert numbers(desk, f"q={spelling}") == [number]
    assert numbers(desk, "q=999999999") == []
    assert numbers(desk, f"q={'9' * 80}") == []


@pytest.mark.parametrize(
    "query",
    [
        "view=nonsense",
        "status=%00",
        "category=%27",
        "department=x",
        "sort=DROP",
        "after=1",
        "after=9-9-9",
        "after=2-99999999999999999-1",
        "after=0-0-99999999999",
        "after=-1--1--1",
        "after=%D9%A1-1-1",
        "q=%ED%A0%80",
        "q[]=1&view=&view=all",
        "after=" + "9" * 300,
    ],
)
def test_a_broken_address_shows_a_list_and_never_breaks(enter: Enter, query: str) -> None:
    assert enter("desk").get(f"/verwaltung/?{query}").status_code == 200


def test_the_inbox_takes_as_many_queries_for_200_tickets_as_for_10(
    app: Flask, enter: Enter, session: Session, clock: Clock
) -> None:
    client = enter("clerk", LAMPS)
    take_in(session, clock())
    _multiply(session, 10)
    few = count_queries(app, lambda: client.get("/verwaltung/"))
    _multiply(session, 200)
    assert count_queries(app, lambda: client.get("/verwaltung/")) == few
    assert few <= 12


def _multiply(session: Session, wanted: int) -> None:
    """Copies of one ticket; 200 reports would take half a minute. Each is with a receiver of its own kind."""
    first = session.query(Ticket).first()
    assert first is not None
    receivers = session.query(Department).all()
    for count in range(wanted):
        ticket = Ticket(
            category=first.category,
            department=first.department,
            urgency="hoch",
            because={},
            reported_at=first.reported_at,
            updated_at=first.updated_at,
            forwarded_to=receivers[count % len(receivers)],
        )
        ticket.events = [
            TicketEvent(position=1, at=first.reported_at, event="reported", actor="system", data={}, seal="")
        ]
        session.add(ticket)
    session.commit()


def test_age_place_and_photo_are_seen_at_a_glance(enter: Enter, session: Session, clock: Clock) -> None:
    take_in(session, clock(), place=None, address="Beim Brunnen")
    clock.pass_(days=3)
    page = enter("desk").get("/verwaltung/?view=all").text
    assert "3 Tage" in page
    assert "wartet auf Freigabe" in page
    assert "Beim Brunnen" in page


def test_an_empty_inbox_is_good_news(enter: Enter) -> None:
    assert "Alles erledigt" in enter("clerk", LAMPS).get("/verwaltung/").text


def test_the_address_without_its_slash_leads_there_too(enter: Enter) -> None:
    assert enter("desk").get("/verwaltung").status_code in (302, 308)
