"""What clerks do with a ticket, through the real forms."""

import pytest
from sqlalchemy.orm import Session

from maengelmelder.domain.tickets import MOVES, Status
from maengelmelder.store.models import Delivery, Ticket, TicketText
from tests.conftest import Clock
from tests.reports import POTHOLE, take_in
from tests.web.staff.conftest import LAMPS, Enter, open_page, send, state_of


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
