"""Adding words and photos later, and answering the city, without any script."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from limits import RateLimitItemPerHour
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.domain.history import Event
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.models import Photo, Ticket, TicketEvent, TicketText, Upload
from maengelmelder.web import limits
from tests.conftest import Clock
from tests.reports import POTHOLE
from tests.web.public.forms import hidden_fields, new_report, photo, send, stored_files


def only_ticket(session: Session) -> Ticket:
    session.rollback()
    return session.scalars(select(Ticket)).one()


def texts(session: Session, kind: str) -> list[str]:
    session.rollback()
    return list(session.scalars(select(TicketText.body).where(TicketText.kind == kind).order_by(TicketText.id)))


def events(session: Session, kind: Event) -> int:
    session.rollback()
    return len(session.scalars(select(TicketEvent).where(TicketEvent.event == kind)).all())


def add(client: FlaskClient, own: str, **fields: Any) -> TestResponse:
    """Open the form, fill it, send it."""
    once = hidden_fields(client.get(f"{own}/ergaenzen").text)["once"]
    answer = client.post(f"{own}/ergaenzen", data={"once": once, **fields}, content_type="multipart/form-data")
    answer.request.input_stream.close()
    return answer


def ask(session: Session, clock: Clock, question: str = "Welche Laterne genau?") -> None:
    ticket = only_ticket(session)
    move(session, ticket, Wish(ticket.version, "waiting", answer=question), "user:1", clock())
    session.commit()


def reply(client: FlaskClient, own: str, **fields: str) -> TestResponse:
    once = hidden_fields(client.get(own).text).get("once", "")
    return client.post(f"{own}/antworten", data={"once": once, **fields})


def test_words_and_photos_can_be_added_and_the_page_says_so(client: FlaskClient, session: Session) -> None:
    own = send(client, new_report()).location
    answer = add(client, own, words="Jetzt flackert sie.", photos=[photo(), photo()])
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Danke, Ihre Ergänzung ist angekommen." in page
    assert "Jetzt flackert sie." in page
    assert page.count("Das Foto wird gerade verarbeitet.") == 2
    assert "Danke" not in client.get(own).text


def test_what_was_added_is_public_only_after_its_release(
    client: FlaskClient, session: Session, clock: Clock, work: Callable[[], int]
) -> None:
    own = send(client, new_report()).location
    add(client, own, words="Jetzt flackert sie.", photos=photo())
    work()
    number = only_ticket(session).id
    page = client.get(f"/vorgang/{number}").text
    assert "hat etwas ergänzt" in page
    assert "flackert" not in page
    for row in (
        session.scalars(select(TicketText).where(TicketText.kind == "addition")).one(),
        *session.scalars(select(Photo)),
    ):
        row.released_at = clock()
    session.commit()
    page = client.get(f"/vorgang/{number}").text
    assert "Jetzt flackert sie." in page
    assert re.search(r'src="/foto/[^"?]+/large"', page)


def test_a_double_tap_adds_once_and_keeps_no_spare_files(
    client: FlaskClient, session: Session, tmp_path: Path, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    own = send(client, new_report()).location
    once = hidden_fields(client.get(f"{own}/ergaenzen").text)["once"]
    for _ in range(2):
        fields = {"once": once, "words": "Jetzt flackert sie.", "photos": photo()}
        answer = client.post(f"{own}/ergaenzen", data=fields, content_type="multipart/form-data")
        answer.request.input_stream.close()
        assert answer.status_code == 303
    assert texts(session, "addition") == ["Jetzt flackert sie."]
    assert len(stored_files(tmp_path / "photos")) == 1
    work()
    assert [mail["Subject"].count("Ergänzung") for mail in mailbox.sent] == [0, 1]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words": " "}, "Bitte schreiben Sie etwas oder wählen Sie ein Foto."),
        ({"words": "x" * 4001}, "Bitte kürzen Sie ihn auf höchstens 4000 Zeichen."),
        ({"words": "a\0b"}, "unsichtbare Steuerzeichen"),
        ({"words": "w", "photos": [(b"<html>", "boese.jpg")]}, "kein Foto, das wir lesen können"),
        ({"words": "w", "photos": [(b"", "leer.jpg")]}, "ist leer"),
        ({"words": "w", "uploads": "x" * 32}, "Ein Foto ist nicht mehr gespeichert."),
    ],
)
def test_a_fault_is_said_and_the_words_are_kept(
    client: FlaskClient, session: Session, fields: dict[str, Any], sentence: str
) -> None:
    own = send(client, new_report()).location
    if "photos" in fields:
        fields = fields | {"photos": [(BytesIO(data), name) for data, name in fields["photos"]]}
    answer = add(client, own, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields["words"].replace("\0", "").strip() in answer.text
    assert texts(session, "addition") == []
    assert events(session, Event.ADDED) == 0


def test_a_good_photo_need_not_be_chosen_again(client: FlaskClient, session: Session, tmp_path: Path) -> None:
    own = send(client, new_report()).location
    refused = add(client, own, words="w", photos=[photo(), (BytesIO(b"nichts"), "kaputt.jpg")])
    assert refused.status_code == 422
    assert "Foto behalten: foto.jpg" in refused.text
    key = session.scalars(select(Upload.key)).one()
    fields = {"once": hidden_fields(refused.text)["once"], "words": "w", "uploads": key}
    assert client.post(f"{own}/ergaenzen", data=fields).status_code == 303
    session.rollback()
    assert session.scalars(select(Photo.key)).all() == [key]
    assert session.scalars(select(Upload)).all() == []
    assert len(stored_files(tmp_path / "photos")) == 1


def test_a_kept_photo_that_was_left_out_is_erased(client: FlaskClient, session: Session, tmp_path: Path) -> None:
    own = send(client, new_report()).location
    refused = add(client, own, words="", photos=[photo(), (BytesIO(b"nichts"), "kaputt.jpg")])
    fields = {"once": hidden_fields(refused.text)["once"], "words": "doch nur Text"}
    assert client.post(f"{own}/ergaenzen", data=fields).status_code == 303
    assert stored_files(tmp_path / "photos") == []


def test_four_photos_at_once_are_too_many_and_the_eleventh_of_a_report_too(
    client: FlaskClient, session: Session
) -> None:
    own = send(client, new_report(photos=[photo()] * 1)).location
    assert "höchstens 3 Fotos" in add(client, own, photos=[photo() for _ in range(4)]).text
    for _ in range(3):
        assert add(client, own, photos=[photo() for _ in range(3)]).status_code == 303
    full = add(client, own, words="Noch eins", photos=photo())
    assert full.status_code == 422
    assert "höchstens 10 Fotos" in full.text


def test_a_category_without_photos_takes_words_only(client: FlaskClient, session: Session) -> None:
    own = send(client, new_report(**{"category": "parken", "answer-art": "gehweg"})).location
    assert 'type="file"' not in client.get(f"{own}/ergaenzen").text
    refused = add(client, own, words="Jeden Abend.", photos=photo())
    assert "nehmen wir keine Fotos an" in refused.text
    again = {"once": hidden_fields(refused.text)["once"], "words": "Jeden Abend."}
    assert client.post(f"{own}/ergaenzen", data=again).status_code == 303
    assert texts(session, "addition") == ["Jeden Abend."]


def test_a_month_after_closing_nothing_is_added_and_the_words_come_back(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    own = send(client, new_report()).location
    once = hidden_fields(client.get(f"{own}/ergaenzen").text)["once"]
    ticket = only_ticket(session)
    move(session, ticket, Wish(ticket.version, "resolved"), "user:1", clock())
    session.commit()
    clock.pass_(days=30)
    assert "Foto oder Text ergänzen" in client.get(own).text
    assert add(client, own, words="Sie ist wieder aus.").status_code == 303
    clock.pass_(seconds=1)
    assert "Foto oder Text ergänzen" not in client.get(own).text
    assert client.get(f"{own}/ergaenzen").location == own
    late = client.post(f"{own}/ergaenzen", data={"once": once, "words": "Und wieder aus."})
    assert late.status_code == 422
    assert "seit mehr als 30 Tagen abgeschlossen" in late.text
    assert "Und wieder aus." in late.text


def test_the_question_stands_on_top_and_its_answer_goes_to_the_department(
    client: FlaskClient, session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    own = send(client, new_report()).location
    ask(session, clock)
    page = client.get(own).text
    assert page.index("Die Stadt hat eine Frage an Sie") < page.index("Ihr persönlicher Link")
    assert page.index("Welche Laterne genau?") < page.index("Ihre Antwort") < page.index("Antwort senden")
    work()
    mailbox.sent.clear()
    answer = reply(client, own, answer="Die dritte von links.")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Danke für Ihre Antwort." in page
    assert "Antwort senden" not in page
    assert "Die Dienststelle liest sie" in page
    assert only_ticket(session).status == "waiting"
    work()
    [mail] = mailbox.sent
    assert "Die dritte von links." in mail.as_string()


def test_an_empty_answer_is_asked_for_again(client: FlaskClient, session: Session, clock: Clock) -> None:
    own = send(client, new_report()).location
    ask(session, clock)
    refused = reply(client, own, answer=" ")
    assert refused.status_code == 422
    assert "Bitte schreiben Sie Ihre Antwort." in refused.text
    long = reply(client, own, answer="lang " * 900)
    assert long.status_code == 422
    assert "lang lang" in long.text
    assert texts(session, "response") == []


def test_an_answer_that_came_too_late_is_offered_as_an_addition(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    own = send(client, new_report()).location
    ask(session, clock)
    once = hidden_fields(client.get(own).text)["once"]
    ticket = only_ticket(session)
    move(session, ticket, Wish(ticket.version, "accepted"), "user:1", clock())
    session.commit()
    late = client.post(f"{own}/antworten", data={"once": once, "answer": "Die dritte von links."})
    assert late.status_code == 409
    assert "wartet nicht mehr auf eine Antwort" in late.text
    assert "Ergänzung senden" in late.text
    fields = {"once": hidden_fields(late.text)["once"], "words": "Die dritte von links."}
    assert client.post(f"{own}/ergaenzen", data=fields).status_code == 303
    assert texts(session, "addition") == ["Die dritte von links."]


def test_a_double_tap_answers_once(client: FlaskClient, session: Session, clock: Clock) -> None:
    own = send(client, new_report()).location
    ask(session, clock)
    once = hidden_fields(client.get(own).text)["once"]
    for _ in range(2):
        assert client.post(f"{own}/antworten", data={"once": once, "answer": "Ja."}).status_code == 303
    assert texts(session, "response") == ["Ja."]


def test_markup_in_words_stays_words(client: FlaskClient, session: Session, clock: Clock) -> None:
    own = send(client, new_report()).location
    add(client, own, words="<script>alert(1)</script>{{ 7*7 }}")
    page = client.get(own).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def test_a_flood_is_stopped_and_its_words_come_back(
    client: FlaskClient, session: Session, clock: Clock, set_house: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_house(rate_limits=True)
    monkeypatch.setattr(limits, "ADDITIONS", RateLimitItemPerHour(2))
    own = send(client, new_report()).location
    answers = [add(client, own, words=f"Nummer {n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert "Bitte warten Sie eine Weile" in answers[-1].text
    assert "Nummer 2" in answers[-1].text
    ask(session, clock)
    answer = reply(client, own, answer="Die dritte.")
    assert answer.status_code == 429
    assert "Die dritte." in answer.text


def test_the_twenty_first_addition_is_refused_kindly(client: FlaskClient, session: Session) -> None:
    own = send(client, new_report()).location
    answers = [add(client, own, words=f"Nummer {n}") for n in range(21)]
    assert [answer.status_code for answer in answers] == [303] * 20 + [422]
    assert "rufen Sie die Dienststelle an" in answers[-1].text
    assert "Nummer 20" in answers[-1].text


def test_the_same_form_from_many_connections_at_once_counts_once(
    client: FlaskClient, session: Session, port: int, tmp_path: Path
) -> None:
    own = send(client, new_report()).location
    once = hidden_fields(client.get(f"{own}/ergaenzen").text)["once"]
    body = encode({"once": once, "words": "Nur einmal.", "photos": POTHOLE.read_bytes()})

    def post() -> int:
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.request("POST", f"{own}/ergaenzen", *body)
            return connection.getresponse().status

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: post(), range(6)))
    assert answers == [303] * 6
    assert texts(session, "addition") == ["Nur einmal."]
    assert events(session, Event.ADDED) == 1
    assert len(stored_files(tmp_path / "photos")) == 1


def encode(fields: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a multipart form; bytes become a file."""
    parts = []
    for name, value in fields.items():
        file = '; filename="foto.jpg"' if isinstance(value, bytes) else ""
        head = f'--grenze\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts.append(head.encode() + (value if isinstance(value, bytes) else value.encode()) + b"\r\n")
    return b"".join(parts) + b"--grenze--\r\n", {"Content-Type": "multipart/form-data; boundary=grenze"}


def test_every_line_of_the_error_summary_leads_to_a_field(
    client: FlaskClient, session: Session, clock: Clock, set_house: Callable[..., None]
) -> None:
    own = send(client, new_report()).location
    once = hidden_fields(client.get(f"{own}/ergaenzen").text)["once"]
    client.post(f"{own}/loeschen")
    pages = [
        client.post(f"{own}/ergaenzen", data={"once": once, "words": "w"}).text,
        client.post(f"{own}/antworten", data={"once": once, "answer": "w"}).text,
        client.post(f"{own}/email", data={"email": "rosa@example.org"}).text,
    ]
    for page in pages:
        summary = page.split('id="errors"')[1].split("</div>")[0]
        [target] = re.findall(r'href="#([^"]+)"', summary)
        assert f'id="{target}"' in page
