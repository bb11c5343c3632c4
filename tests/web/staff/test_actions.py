"""What clerks do with a ticket, through the real forms."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from maengelmelder.domain.tickets import MOVES, Status
from maengelmelder.store.models import Delivery, Ticket, TicketEvent, TicketText
from tests.conftest import Clock
from tests.people import hidden_in
from tests.reports import POTHOLE, take_in
from tests.web.staff.conftest import Enter

LAMPS = "swl_licht"


def open_page(client: FlaskClient, number: int) -> dict[str, str]:
    """What the page's forms would send along."""
    return hidden_in(client.get(f"/verwaltung/vorgang/{number}").text)


def send(client: FlaskClient, number: int, form: str, **data: str) -> TestResponse:
    """Open the page and send one of its forms."""
    return client.post(f"/verwaltung/vorgang/{number}/{form}", data=open_page(client, number) | data)


def state_of(session: Session, number: int) -> tuple[str, str, int, int]:
    """Status, department, version and length of the history, as they stand now."""
    session.rollback()
    ticket = session.get_one(Ticket, number)
    return ticket.status, ticket.department.key, ticket.version, len(ticket.events)


@pytest.fixture
def number(session: Session, clock: Clock) -> int:
    """A street lamp, with the Stadtwerke."""
    return take_in(session, clock()).id


def test_one_click_accepts(enter: Enter, session: Session, number: int) -> None:
    client = enter("clerk", LAMPS, name="Anna Huber")
    page = client.get(f"/verwaltung/vorgang/{number}").text
    assert "Annehmen" in page
    response = send(client, number, "status", status="accepted")
    assert (response.status_code, response.headers["Location"]) == (303, f"/verwaltung/vorgang/{number}")
    assert state_of(session, number)[0] == "accepted"
    page = client.get(f"/verwaltung/vorgang/{number}").text
    assert "Gespeichert." in page
    assert "Eingegangen → Angenommen" in page
    assert "Anna Huber" in page


def test_only_allowed_steps_are_offered(enter: Enter, session: Session, number: int) -> None:
    client = enter("clerk", LAMPS)
    for status in Status:
        session.get_one(Ticket, number).status = status
        session.commit()
        page = client.get(f"/verwaltung/vorgang/{number}").text
        offered = {other for other in Status if f'type="radio" name="status" value="{other}"' in page}
        assert offered == set(MOVES[status])


def test_a_public_answer_is_public_and_a_note_is_not(enter: Enter, session: Session, number: int) -> None:
    client = enter("clerk", LAMPS)
    send(client, number, "status", status="scheduled", answer="Wir kommen am Montag.", note="Leiter mitnehmen")
    session.rollback()
    texts = {text.kind: text for text in session.query(TicketText)}
    assert texts["reply"].released_at is not None
    assert (texts["note"].released_at, texts["note"].releasable) == (None, False)
    assert "Leiter mitnehmen" not in client.get(f"/vorgang/{number}").text
    assert "Leiter mitnehmen" in client.get(f"/verwaltung/vorgang/{number}").text


@pytest.mark.parametrize(
    ("form", "data", "sentence"),
    [
        ("status", {"status": "declined"}, "Bitte wählen Sie einen Grund."),
        ("status", {"status": "declined", "reason": "mood"}, "Bitte wählen Sie einen Grund."),
        ("status", {"status": "declined", "reason": "other"}, "Bitte schreiben Sie der meldenden Person, warum."),
        ("status", {"status": "waiting"}, "Bitte schreiben Sie Ihre Rückfrage"),
        ("status", {"status": "forwarded"}, "Bitte wählen Sie, an wen Sie weitergeben."),
        ("status", {"status": "forwarded", "receiver": "tba"}, "An diese Stelle kann nicht weitergegeben werden."),
        ("status", {"status": "forwarded", "receiver": "\x00'"}, "An diese Stelle kann nicht weitergegeben werden."),
        ("status", {"status": "closed"}, "Diesen Status gibt es nicht."),
        ("status", {}, "Bitte ändern Sie den Status oder schreiben Sie etwas."),
        ("status", {"answer": "x" * 4001}, "Der Text ist zu lang."),
        ("status", {"answer": "a\x00b"}, "unsichtbare Steuerzeichen"),
        ("abgeben", {"department": ""}, "Diese Dienststelle gibt es nicht."),
        ("abgeben", {"department": "\x00"}, "Diese Dienststelle gibt es nicht."),
        ("abgeben", {"department": LAMPS}, "Der Vorgang liegt schon bei dieser Dienststelle."),
        ("abgeben", {"department": "tba", "note": "x" * 4001}, "Der Text ist zu lang."),
        ("nicht-zustaendig", {}, "Bitte schreiben Sie kurz, warum Sie nicht zuständig sind."),
        ("nicht-zustaendig", {"note": "nein", "proposal": "nirgends"}, "Diese Dienststelle gibt es nicht."),
        ("nicht-zustaendig", {"note": "nein", "proposal": LAMPS}, "Der Vorgang liegt schon bei dieser Dienststelle."),
        ("freigabe", {"text": "999999", "decision": "release"}, "Diesen Text gibt es nicht mehr."),
        ("freigabe", {"photo": "abc", "decision": "release"}, "Dieses Foto gibt es nicht mehr"),
        ("freigabe", {"photo": "9" * 40, "decision": "release"}, "Dieses Foto gibt es nicht mehr"),
        ("veroeffentlichen", {}, "Dieser Vorgang ist schon freigegeben."),
    ],
)
def test_a_refused_form_comes_back_with_a_sentence_and_everything_entered(
    enter: Enter, session: Session, number: int, form: str, data: dict[str, str], sentence: str
) -> None:
    client = enter("clerk", LAMPS)
    before = state_of(session, number)
    entered = {"note": "Meine Notiz bleibt"} if form == "status" and data and "answer" not in data else {}
    response = send(client, number, form, **data, **entered)
    assert response.status_code == 422
    assert sentence in response.text
    for value in entered.values():
        assert f">\n{value}</textarea>" in response.text
    assert "Interne Notiz</strong>" not in response.text  # what was refused is not shown as done
    assert state_of(session, number) == before
    assert session.query(TicketText).filter_by(kind="note").count() == 0


def test_a_status_that_cannot_be_reached_is_refused(enter: Enter, session: Session, number: int) -> None:
    session.get_one(Ticket, number).status = "resolved"
    session.commit()
    response = send(enter("desk"), number, "status", status="declined", reason="no_defect")
    assert response.status_code == 422
    assert "von hier aus nicht möglich" in response.text


def test_declining_is_public_with_its_reason_and_spam_leaves_the_map(
    enter: Enter, session: Session, clock: Clock, number: int
) -> None:
    desk = enter("desk")
    send(desk, number, "status", status="declined", reason="no_defect")
    session.rollback()
    assert session.get_one(Ticket, number).published_at is not None
    other = take_in(session, clock()).id
    send(desk, other, "status", status="declined", reason="spam")
    session.rollback()
    spam = session.get_one(Ticket, other)
    assert (spam.published_at, spam.decline_reason, spam.closed_at) == (None, "spam", clock())
    assert desk.get(f"/vorgang/{other}").status_code == 404


def test_spam_that_was_none_waits_for_a_look_before_it_is_public_again(
    enter: Enter, session: Session, number: int
) -> None:
    desk = enter("desk")
    send(desk, number, "status", status="declined", reason="spam")
    assert send(desk, number, "veroeffentlichen").status_code == 422
    send(desk, number, "status", status="accepted")
    assert desk.get(f"/vorgang/{number}").status_code == 404
    assert "Vorgang veröffentlichen" in desk.get(f"/verwaltung/vorgang/{number}").text
    assert send(desk, number, "veroeffentlichen").status_code == 303
    assert desk.get(f"/vorgang/{number}").status_code == 200


def test_what_never_was_public_does_not_become_so_by_reopening(enter: Enter, session: Session, clock: Clock) -> None:
    number = take_in(session, clock()).id
    session.get_one(Ticket, number).published_at = None
    session.commit()
    desk = enter("desk")
    send(desk, number, "status", status="declined", reason="spam")
    send(desk, number, "status", status="accepted")
    session.rollback()
    assert session.get_one(Ticket, number).held is False


def test_a_transfer_hands_the_ticket_over_and_tells_the_new_department(
    enter: Enter, session: Session, number: int
) -> None:
    old, new = enter("clerk", LAMPS), enter("clerk", "tba")
    assert new.get(f"/verwaltung/vorgang/{number}").status_code == 404
    response = send(old, number, "abgeben", department="tba", note="Es ist der Mast.")
    assert (response.status_code, response.headers["Location"]) == (303, "/verwaltung/")
    assert f"Vorgang {number} ist abgegeben." in old.get("/verwaltung/").text
    assert old.get(f"/verwaltung/vorgang/{number}").status_code == 404
    page = new.get(f"/verwaltung/vorgang/{number}").text
    assert "Es ist der Mast." in page
    assert "Stadtwerke Landshut – Straßenbeleuchtung → Tiefbauamt" in page
    session.rollback()
    assert [d.department.key for d in session.query(Delivery).filter_by(kind="department") if d.department] == [
        LAMPS,
        "tba",
    ]


def test_who_is_not_responsible_sends_it_to_the_desk_with_a_proposal(
    enter: Enter, session: Session, number: int
) -> None:
    send(enter("clerk", LAMPS), number, "nicht-zustaendig", note="Gehört dem Bund", proposal="stba")
    assert state_of(session, number)[1] == "redaktion"
    desk = enter("desk")
    page = desk.get(f"/verwaltung/vorgang/{number}").text
    assert "Gehört dem Bund" in page
    assert "Vorschlag: Staatliches Bauamt Landshut" in page
    assert "/nicht-zustaendig" not in page
    assert f"vorgang/{number}" in desk.get("/verwaltung/?view=refused").text


def test_texts_and_photos_are_released_each_for_itself(
    enter: Enter, session: Session, clock: Clock, work: object
) -> None:
    number = take_in(session, clock(), photos=(POTHOLE,), address="Altstadt 1, bei Huber").id
    assert callable(work)
    work()
    client = enter("clerk", LAMPS)
    public = f"/vorgang/{number}"
    session.rollback()
    ids = {text.kind: str(text.id) for text in session.query(TicketText)}
    photo = session.get_one(Ticket, number).photos[0]
    key, photo_id = photo.key, str(photo.id)
    assert "vor dem Rathaus" not in client.get(public).text
    assert send(client, number, "freigabe", text=ids["description"], decision="release").status_code == 303
    assert "vor dem Rathaus" in client.get(public).text
    assert "bei Huber" not in client.get(public).text
    assert send(client, number, "freigabe", photo=photo_id, decision="release").status_code == 303
    assert f"/foto/{key}/" in client.get(public).text
    assert send(client, number, "freigabe", photo=photo_id, decision="withhold").status_code == 303
    assert send(client, number, "freigabe", text=ids["description"], decision="withhold").status_code == 303
    page = client.get(public).text
    assert "vor dem Rathaus" not in page
    assert f"/foto/{key}/" not in page
    history = client.get(f"/verwaltung/vorgang/{number}").text
    for word in ("Text freigegeben", "Text zurückgehalten", "Foto freigegeben", "Foto zurückgehalten"):
        assert word in history


def test_an_odd_decision_is_refused(enter: Enter, session: Session, number: int) -> None:
    text = str(session.query(TicketText).first().id)  # type: ignore[union-attr]
    response = send(enter("desk"), number, "freigabe", text=text, decision="destroy")
    assert response.status_code == 422
    assert "Möglich sind nur Freigeben und Zurückhalten." in response.text


def test_a_text_of_another_ticket_is_refused(enter: Enter, session: Session, clock: Clock, number: int) -> None:
    foreign = take_in(session, clock(), category="schlagloch", answers={"lage": ["fahrbahnrand"]})
    text = str(foreign.texts[0].id)
    response = send(enter("clerk", LAMPS), number, "freigabe", text=text, decision="release")
    assert response.status_code == 422
    session.rollback()
    assert session.get_one(TicketText, int(text)).released_at is None


def test_what_may_never_be_public_is_not_released(enter: Enter, session: Session, number: int) -> None:
    text = session.query(TicketText).filter_by(kind="description").one()
    text.releasable = False
    session.commit()
    client = enter("desk")
    response = send(client, number, "freigabe", text=str(text.id), decision="release")
    assert response.status_code == 422
    assert "nicht veröffentlicht werden" in response.text
    assert "bleibt intern" in client.get(f"/verwaltung/vorgang/{number}").text


def test_a_held_ticket_is_published_by_a_clerk(enter: Enter, session: Session, clock: Clock) -> None:
    number = take_in(session, clock(), held=True).id
    client = enter("clerk", LAMPS)
    assert client.get(f"/vorgang/{number}").status_code == 404
    assert "wartet auf Freigabe" in client.get("/verwaltung/?view=release").text
    assert send(client, number, "veroeffentlichen").status_code == 303
    assert client.get(f"/vorgang/{number}").status_code == 200


def test_fields_that_the_form_does_not_have_change_nothing(enter: Enter, session: Session, number: int) -> None:
    fields = {
        "department_id": "1",
        "department": "tba",
        "published_at": "",
        "held": "1",
        "urgency": "niedrig",
        "closed_at": "2020-01-01",
        "id": "77",
        "actor": "user:1",
        "is_admin": "1",
        "reported_at": "2020-01-01",
    }
    before = state_of(session, number)
    send(enter("clerk", LAMPS), number, "status", status="accepted", **fields)
    session.rollback()
    ticket = session.get_one(Ticket, number)
    assert (ticket.department.key, ticket.held, ticket.closed_at) == (before[1], False, None)
    assert ticket.reported_at.year == 2026
    assert ticket.urgency != "niedrig"


def test_without_the_token_nothing_happens(enter: Enter, session: Session, number: int) -> None:
    client = enter("clerk", LAMPS)
    before = state_of(session, number)
    for form in ("status", "abgeben", "nicht-zustaendig", "freigabe", "veroeffentlichen"):
        data = open_page(client, number) | {"status": "accepted", "department": "tba", "note": "x"}
        del data["csrf_token"]
        assert client.post(f"/verwaltung/vorgang/{number}/{form}", data=data).status_code == 400
        assert client.post(f"/verwaltung/vorgang/{number}/{form}", json=data).status_code == 400
        assert client.get(f"/verwaltung/vorgang/{number}/{form}").status_code == 405
    assert state_of(session, number) == before


def test_the_second_of_two_clerks_sees_what_the_first_did_and_loses_nothing(
    enter: Enter, session: Session, number: int
) -> None:
    first, second = enter("clerk", LAMPS, name="Anna Huber"), enter("clerk", LAMPS)
    seen = open_page(second, number)
    send(first, number, "status", status="accepted", note="Ich fahre hin")
    data = {"status": "in_progress", "answer": "Wir sind schon dabei.", "note": "Ersatzteil bestellt"}
    conflict = second.post(f"/verwaltung/vorgang/{number}/status", data=seen | data)
    assert conflict.status_code == 409
    for part in ("Inzwischen geändert", "Anna Huber", "Ich fahre hin", "Eingegangen → Angenommen"):
        assert part in conflict.text
    assert "Meldung eingegangen" not in conflict.text  # only what is new to the clerk
    for words in ("Wir sind schon dabei.", "Ersatzteil bestellt"):
        assert f">\n{words}</textarea>" in conflict.text
    assert 'value="in_progress" checked' in conflict.text
    assert state_of(session, number)[0] == "accepted"
    again = second.post(f"/verwaltung/vorgang/{number}/status", data=hidden_in(conflict.text) | data)
    assert again.status_code == 303
    assert state_of(session, number)[0] == "in_progress"


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("abgeben", {"department": "tba", "note": "Bitte übernehmen"}),
        ("nicht-zustaendig", {"note": "Nicht unser Mast", "proposal": "tba"}),
        ("freigabe", {"text": "1", "decision": "release"}),
        ("veroeffentlichen", {}),
    ],
)
def test_every_form_meets_a_conflict_with_a_page_of_its_own(
    enter: Enter, session: Session, number: int, form: str, data: dict[str, str]
) -> None:
    first, second = enter("clerk", LAMPS), enter("clerk", LAMPS)
    seen = open_page(second, number)
    send(first, number, "status", note="Ich war zuerst da")
    conflict = second.post(f"/verwaltung/vorgang/{number}/{form}", data=seen | data)
    assert conflict.status_code == 409
    assert "Ich war zuerst da" in conflict.text
    if data.get("note"):
        assert f">\n{data['note']}</textarea>" in conflict.text


@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "9" * 30, "١"])
def test_a_missing_or_odd_version_is_an_old_one(enter: Enter, session: Session, number: int, version: str) -> None:
    before = state_of(session, number)
    assert send(enter("desk"), number, "status", status="accepted", version=version).status_code == 409
    assert state_of(session, number) == before


def test_a_ticket_given_away_meanwhile_gives_the_words_back(enter: Enter, session: Session, number: int) -> None:
    first, second = enter("clerk", LAMPS, name="Anna Huber"), enter("clerk", LAMPS)
    seen = open_page(second, number)
    send(first, number, "abgeben", department="tba")
    gone = second.post(f"/verwaltung/vorgang/{number}/status", data=seen | {"note": "Viel Arbeit"})
    assert gone.status_code == 409
    for part in ("Tiefbauamt", "Anna Huber", "Viel Arbeit"):
        assert part in gone.text
    without = {name: value for name, value in seen.items() if name != "seen"}
    assert second.post(f"/verwaltung/vorgang/{number}/status", data=without | {"note": "x"}).status_code == 404
    stranger = enter("clerk", "sga")
    foreign = {"csrf_token": hidden_in(stranger.get("/verwaltung/").text)["csrf_token"], "seen": "1", "version": "1"}
    assert stranger.post(f"/verwaltung/vorgang/{number}/status", data=foreign).status_code == 404


def test_of_many_clerks_at_the_same_moment_exactly_one_wins(
    app: Flask, enter: Enter, session: Session, number: int
) -> None:
    clerks = [enter("clerk", LAMPS) for _ in range(6)]
    pages = [open_page(client, number) for client in clerks]
    session.rollback()
    start = Barrier(len(clerks))

    def click(who: int) -> int:
        start.wait()
        data = pages[who] | {"status": "accepted", "note": f"Clerk {who}"}
        return clerks[who].post(f"/verwaltung/vorgang/{number}/status", data=data).status_code

    with ThreadPoolExecutor(len(clerks)) as threads:
        codes = sorted(threads.map(click, range(len(clerks))))
    assert codes == [303, 409, 409, 409, 409, 409]
    session.rollback()
    assert session.query(TicketText).filter_by(kind="note").count() == 1
    assert session.query(TicketEvent).filter_by(event="moved").count() == 1
    assert session.get_one(Ticket, number).version == 2


def test_while_one_hands_over_another_cannot_move(app: Flask, enter: Enter, session: Session, number: int) -> None:
    clerks = [enter("desk"), enter("desk")]
    pages = [open_page(client, number) for client in clerks]
    session.rollback()
    start = Barrier(2)
    wishes = [("abgeben", {"department": "tba"}), ("status", {"status": "accepted"})]

    def click(who: int) -> int:
        start.wait()
        form, data = wishes[who]
        return clerks[who].post(f"/verwaltung/vorgang/{number}/{form}", data=pages[who] | data).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(click, range(2))) == [303, 409]
