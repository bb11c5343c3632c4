"""Reports of an older system become tickets with their own past, once each, and nobody is disturbed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from maengelmelder.domain.catalogue import Area, AreaRoute, Catalogue
from maengelmelder.domain.city import Text
from maengelmelder.domain.history import START, Entry, Event, seal
from maengelmelder.domain.old_reports import OldReport
from maengelmelder.domain.places import Place
from maengelmelder.domain.reports import Draft
from maengelmelder.domain.routing import decide_route
from maengelmelder.domain.tickets import Status
from maengelmelder.services.administering.import_reports import Manner, Outcome, find_areas, import_batch
from maengelmelder.store.models import Delivery, Report, Ticket
from maengelmelder.store.queries.catalogue import get_catalogue
from tests.conftest import MONDAY, Clock
from tests.gazetteer import know_addresses
from tests.reports import take_in

TOWN_HALL = Place(12.1519, 48.5370)
JUNE = datetime(2020, 6, 6, 21, 48, tzinfo=UTC)
JULY = datetime(2020, 7, 1, 8, 0, tzinfo=UTC)
LAMP = OldReport(2, "17", Draft("laterne", TOWN_HALL, None, "Altstadt 315", "Lampe aus"), JUNE)
ALT = Manner("alt")


@pytest.fixture
def catalogue(session: Session) -> Catalogue:
    return get_catalogue(session)


def take(session: Session, catalogue: Catalogue, *batch: OldReport, manner: Manner = ALT) -> Outcome:
    outcome = import_batch(session, catalogue, batch, manner, MONDAY)
    session.commit()
    return outcome


def only_ticket(session: Session) -> Ticket:
    session.expire_all()
    return session.scalars(select(Ticket)).one()


def refused(outcome: Outcome) -> Iterator[str]:
    return (refusal.code for _, refusals in outcome.refused for refusal in refusals.refusals)


def test_an_old_report_becomes_a_routed_ticket_with_its_own_times(session: Session, catalogue: Catalogue) -> None:
    old = replace(LAMP, status=Status.RESOLVED, moved_at=JULY)
    assert take(session, catalogue, old).imported == 1
    ticket = only_ticket(session)
    assert ticket.department.key == catalogue.categories["laterne"].department
    assert (ticket.reported_at, ticket.closed_at, ticket.updated_at) == (JUNE, JULY, JULY)
    assert (ticket.status, ticket.published_at, ticket.place) == ("resolved", JUNE, TOWN_HALL)
    assert [(event.event, event.at) for event in ticket.events] == [
        (Event.IMPORTED, JUNE),
        (Event.ROUTED, JUNE),
        (Event.MOVED, JULY),
    ]
    (report,) = ticket.reports
    assert (report.channel, report.source, report.source_id, report.secret_hash) == ("import", "alt", "17", None)
    assert ticket.events[0].data["report"] == report.id


def test_the_history_is_sealed_like_every_other(session: Session, catalogue: Catalogue) -> None:
    olds = [replace(LAMP, source_id=str(n), status=Status.WAITING, moved_at=JULY) for n in range(5)]
    take(session, catalogue, *olds)
    session.expire_all()
    for ticket in session.scalars(select(Ticket)):
        previous = START
        for event in ticket.events:
            kind = Event(event.event)
            entry = Entry(ticket.id, event.position, event.at, kind, event.actor, event.data, event.words)
            previous = seal(entry, previous)
            assert event.seal == previous


def test_each_report_gets_its_own_ticket_text_and_number(session: Session, catalogue: Catalogue) -> None:
    olds = [replace(LAMP, source_id=f"{n}", draft=replace(LAMP.draft, description=f"Lampe {n}")) for n in range(300)]
    take(session, catalogue, *olds)
    session.expire_all()
    for report in session.scalars(select(Report)):
        words = [text.body for text in report.ticket.texts if text.kind == "description"]
        assert words == [f"Lampe {report.source_id}"]
        assert report.ticket.events[0].data["report"] == report.id


def test_texts_wait_for_their_release_unless_they_were_public_before(session: Session, catalogue: Catalogue) -> None:
    take(session, catalogue, LAMP, manner=Manner("alt", release=("description",)))
    released = {text.kind: text.released_at for text in only_ticket(session).texts}
    assert released == {"description": JUNE, "address": None}


def test_an_old_report_without_words_for_its_place_is_named_by_the_house_there(
    session: Session, catalogue: Catalogue
) -> None:
    know_addresses(session, MONDAY)
    take(session, catalogue, replace(LAMP, draft=replace(LAMP.draft, place=TOWN_HALL, address="")))
    assert only_ticket(session).address == "bei Erfundene Gasse 12"


def test_a_category_that_is_never_public_stays_so_whatever_the_old_system_did(
    session: Session, catalogue: Catalogue
) -> None:
    hidden = next(key for key, category in catalogue.categories.items() if not category.public)
    old = replace(LAMP, draft=replace(LAMP.draft, category=hidden))
    take(session, catalogue, old, manner=Manner("alt", release=("description", "address")))
    ticket = only_ticket(session)
    assert ticket.published_at is None
    assert [(text.released_at, text.releasable) for text in ticket.texts] == [(None, False)] * 2


def test_spam_of_the_old_system_is_kept_but_never_shown(session: Session, catalogue: Catalogue) -> None:
    spam = replace(LAMP, status=Status.DECLINED, reason="spam", moved_at=JULY)
    take(session, catalogue, spam, manner=Manner("alt", release=("description",)))
    ticket = only_ticket(session)
    assert (ticket.published_at, ticket.decline_reason) == (None, "spam")
    assert all(text.released_at is None for text in ticket.texts)


def test_a_report_comes_in_once_however_often_the_file_is_read(session: Session, catalogue: Catalogue) -> None:
    take(session, catalogue, LAMP)
    again = take(session, catalogue, LAMP, replace(LAMP, source_id="18"))
    assert (again.imported, again.already) == (1, 1)
    other = take(session, catalogue, LAMP, manner=Manner("anderes"))
    assert other.imported == 1
    assert session.scalar(select(func.count()).select_from(Ticket)) == 3


def test_a_dry_run_decides_everything_and_writes_nothing(session: Session, catalogue: Catalogue) -> None:
    outside = replace(LAMP, source_id="18", draft=replace(LAMP.draft, place=Place(11.57, 48.14)))
    outcome = take(session, catalogue, LAMP, outside, manner=Manner("alt", dry_run=True))
    assert (outcome.imported, list(refused(outcome))) == (1, ["place_outside"])
    assert session.scalar(select(func.count()).select_from(Report)) == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source_id": ""}, "id_missing"),
        ({"source_id": "x" * 101}, "id_too_long"),
        ({"reported_at": datetime(2126, 1, 1, tzinfo=UTC)}, "time_in_future"),
        ({"status": Status.RESOLVED, "moved_at": datetime(2019, 1, 1, tzinfo=UTC)}, "moved_before_reported"),
        ({"draft": Draft("laterne")}, "place_missing"),
        ({"draft": Draft("laterne", TOWN_HALL, description="x" * 4001)}, "text_too_long"),
        ({"draft": Draft("laterne", TOWN_HALL, description="a\0b")}, "text_not_printable"),
        ({"draft": Draft("ufo", TOWN_HALL)}, "category_unknown"),
    ],
)
def test_a_bad_row_is_refused_and_the_good_ones_are_kept(
    session: Session, catalogue: Catalogue, changes: dict[str, object], code: str
) -> None:
    outcome = take(session, catalogue, replace(LAMP, **changes), replace(LAMP, source_id="18"))  # type: ignore[arg-type]
    assert list(refused(outcome)) == [code]
    assert only_ticket(session).reports[0].source_id == "18"


def test_an_end_that_nobody_dated_is_dated_by_the_import(session: Session, catalogue: Catalogue) -> None:
    take(session, catalogue, replace(LAMP, status=Status.RESOLVED))
    ticket = only_ticket(session)
    assert (ticket.closed_at, ticket.reported_at) == (MONDAY, JUNE)


def test_nobody_is_told_unless_asked_for(session: Session, catalogue: Catalogue, clock: Clock) -> None:
    take(session, catalogue, LAMP)
    assert session.scalar(select(func.count()).select_from(Delivery)) == 0
    take(session, catalogue, replace(LAMP, source_id="18"), manner=Manner("alt", notify=True))
    delivery = session.scalars(select(Delivery).where(Delivery.kind == "department")).one()
    assert (delivery.due_at, delivery.state) == (MONDAY, "due")
    assert delivery.event is not None
    assert delivery.event.event == Event.ROUTED


def test_the_area_that_the_old_system_names_beats_the_map(session: Session, catalogue: Catalogue) -> None:
    inner = next(area for area in find_areas(session, catalogue) if area.key == "innenstadt")
    lamp = catalogue.categories["laterne"]
    routed = replace(lamp, routes=(AreaRoute("innenstadt", "redaktion"),))
    city = replace(catalogue, categories={**catalogue.categories, "laterne": routed})
    outcome = take(session, city, replace(LAMP, areas=(inner,)), replace(LAMP, source_id="18"))
    assert outcome.routed == {"area": 1, "category": 1}
    departments = dict(
        session.execute(
            select(Report.source_id, Ticket.department_id).join(Ticket, Report.ticket_id == Ticket.id)
        ).all()
    )
    assert departments["17"] != departments["18"]


def test_a_stated_area_shuts_out_others_of_its_kind_only(catalogue: Catalogue) -> None:
    square = catalogue.boundary
    assert square is not None
    drawn = Area("hier", Text("Hier"), "district", square.geometry)
    road = Area("strasse", Text("Straße"), "responsibility", square.geometry)
    said = Area("dort", Text("Dort"), "district")
    city = replace(catalogue, areas={"hier": drawn, "strasse": road})
    rules = (AreaRoute("hier", "redaktion"), AreaRoute("dort", "tba"))
    category = replace(catalogue.categories["laterne"], routes=rules)
    assert decide_route(city, category, TOWN_HALL, {}).department == "redaktion"
    assert decide_route(city, category, TOWN_HALL, {}, [said]).department == "tba"
    assert decide_route(city, category, None, {}, [said]).department == "tba"
    on_road = replace(category, routes=(*rules[:1], AreaRoute("strasse", "tba")))
    assert decide_route(city, on_road, TOWN_HALL, {}, [said]).because.area == "strasse"


def test_after_an_import_new_reports_get_numbers_of_their_own(session: Session, catalogue: Catalogue) -> None:
    before = take_in(session, MONDAY).id
    take(session, catalogue, *(replace(LAMP, source_id=str(n)) for n in range(3)))
    imported = session.scalars(select(Report.ticket_id).where(Report.source == "alt")).all()
    assert sorted(imported) == list(range(before + 1, before + 4))
    assert take_in(session, MONDAY).id == before + 4
