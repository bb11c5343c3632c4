"""Two clerks on one ticket: one wins, the other learns of it, and no word is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from maengelmelder.store.models import Ticket, TicketEvent, TicketText
from tests.people import hidden_in
from tests.web.staff.conftest import LAMPS, Enter, open_page, send, state_of


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


def test_of_many_clerks_at_the_same_moment_exactly_one_wins(enter: Enter, session: Session, number: int) -> None:
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


def test_while_one_hands_over_another_cannot_move(enter: Enter, session: Session, number: int) -> None:
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
