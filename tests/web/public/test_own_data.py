"""Everything that is held of one report: read, taken along, erased."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.adapters.photo_files import PhotoFiles
from maengelmelder.ports import StoreUnavailable
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.models import Photo, Report
from tests.conftest import Clock
from tests.web.public.forms import new_report, photo, send, stored_files
from tests.web.public.test_own_additions import add, only_ticket


def rosa(client: FlaskClient) -> str:
    fields = new_report(
        name="Rosa Muster", email="rosa@example.org", address="Altstadt 315", accuracy="12", photos=photo()
    )
    return send(client, fields).location


def test_the_export_holds_everything_that_the_person_sent(
    client: FlaskClient, session: Session, clock: Clock, work: Callable[[], int]
) -> None:
    own = rosa(client)
    add(client, own, words="Jetzt flackert sie.")
    work()
    answer = client.get(f"{own}/export")
    ticket = only_ticket(session)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="meldung-{ticket.id}.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    held = answer.get_json()
    assert held["number"] == ticket.id
    assert (held["report"]["name"], held["report"]["email"]) == ("Rosa Muster", "rosa@example.org")
    assert held["report"]["accuracy_m"] == 12
    assert held["report"]["reported_at"] == "2026-03-02T09:00:00+00:00"
    assert [answer["answer"] for answer in held["report"]["answers"]] == ["aus"]
    assert [text["text"] for text in held["texts"]] == ["Die Laterne ist aus.", "Altstadt 315", "Jetzt flackert sie."]
    [picture] = held["photos"]
    path = picture["address_for_an_hour"].removeprefix("http://localhost")
    assert client.get(path).mimetype == "image/jpeg"
    assert [message["kind"] for message in held["messages"]] == ["confirm"]
    assert [step["what"] for step in held["history"]] == ["reported", "added"]
    assert held["ticket"]["place"] == [12.1522, 48.5369]


def test_the_same_can_be_read_as_a_page(client: FlaskClient, session: Session) -> None:
    own = rosa(client)
    page = client.get(f"{own}/auskunft").text
    for words in ("Rosa Muster", "rosa@example.org", "Altstadt 315", "Die Laterne ist aus.", "auf etwa 12 m genau"):
        assert words in page


def test_notes_of_the_staff_and_what_others_sent_are_not_handed_out(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    own = rosa(client)
    ticket = only_ticket(session)
    move(session, ticket, Wish(ticket.version, note="Nur für uns."), "user:1", clock())
    session.commit()
    other = send(client, new_report(joins=str(ticket.id), description="Meine eigenen Worte", email="max@example.org"))
    for path in (own, f"{own}/auskunft", f"{own}/export"):
        text = client.get(path).text
        assert not any(words in text for words in ("Nur für uns.", "Meine eigenen Worte", "max@example.org")), path
    for path in (other.location, f"{other.location}/auskunft", f"{other.location}/export"):
        text = client.get(path).text
        assert "Meine eigenen Worte" in text
        assert not any(
            words in text for words in ("Rosa", "rosa@example.org", "Die Laterne ist aus.", "Altstadt 315")
        ), path


def test_before_erasing_the_page_says_what_goes_and_what_stays(client: FlaskClient, session: Session) -> None:
    own = rosa(client)
    page = client.get(f"{own}/loeschen").text
    for words in (
        "Das löschen wir sofort",
        "Ihren Namen und Ihre E-Mail-Adresse",
        "alle Fotos",
        "Das bleibt",
        "der Ort",
    ):
        assert words in page
    session.rollback()
    assert session.scalars(select(Report.email)).one() == "rosa@example.org"


def test_after_erasing_nothing_of_the_person_is_left_and_the_place_still_is(
    client: FlaskClient, session: Session, clock: Clock, work: Callable[[], int], tmp_path: Path
) -> None:
    own = rosa(client)
    add(client, own, words="Jetzt flackert sie.", photos=photo())
    work()
    number = only_ticket(session).id
    for row in session.scalars(select(Photo)):
        row.released_at = clock()
    session.commit()
    key = session.scalars(select(Photo.key)).first()
    assert client.get(f"/foto/{key}/large").status_code == 200
    answer = client.post(f"{own}/loeschen")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Ihre Angaben zu dieser Meldung sind gelöscht." in page
    assert not any(words in page for words in ("flackert", "Altstadt 315", "Die Laterne ist aus.", "Foto oder Text"))
    assert stored_files(tmp_path / "photos") == []
    assert client.get(f"/foto/{key}/large").status_code == 404
    held = client.get(f"{own}/export").get_json()
    assert (held["report"]["email"], held["report"]["name"], held["texts"], held["photos"]) == ("", "", [], [])
    public = client.get(f"/vorgang/{number}")
    assert public.status_code == 200
    assert "Straßenlaterne" in public.text
    assert client.post(f"{own}/loeschen").status_code == 303
    assert client.get(f"{own}/loeschen").location == own


def test_the_phones_repeat_after_erasing_brings_nothing_back(client: FlaskClient, session: Session) -> None:
    fields = new_report(email="rosa@example.org")
    own = send(client, fields).location
    client.post(f"{own}/loeschen")
    assert send(client, fields).location == own
    session.rollback()
    assert session.scalars(select(Report.email)).one() == ""


def test_nothing_can_be_added_to_what_was_erased(client: FlaskClient, session: Session) -> None:
    own = rosa(client)
    client.post(f"{own}/loeschen")
    assert client.get(f"{own}/ergaenzen").location == own
    refused = client.post(f"{own}/ergaenzen", data={"words": "Doch noch etwas"})
    assert refused.status_code == 422
    assert "Sie haben Ihre Angaben gelöscht." in refused.text
    assert client.post(f"{own}/email", data={"email": "rosa@example.org"}).status_code == 409


def test_a_store_that_is_away_does_not_stop_the_erasing(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = rosa(client)

    def away(self: PhotoFiles, name: str) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(PhotoFiles, "delete", away)
    assert client.post(f"{own}/loeschen").status_code == 303
    session.rollback()
    assert session.scalars(select(Photo)).all() == []
