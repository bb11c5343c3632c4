"""Erasing what one person sent, at the person's wish: everything of it, and nothing else."""

import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.domain.history import START, Entry, Event, seal
from maengelmelder.domain.photos import stored_name
from maengelmelder.house import house
from maengelmelder.services.forgetting.erase_files import erase_files
from maengelmelder.services.forgetting.erase_own import erase_own
from maengelmelder.store.engine import sqlite_module
from maengelmelder.store.models import Base, Delivery, Photo, Report, Ticket, TicketText, Upload, UploadPart
from maengelmelder.worker import make_sizes
from tests.conftest import Clock
from tests.reports import POTHOLE, keep_original, secret_hash, take_in
from tests.services.reporting.test_add_to_report import add, ask, reply

WORDS = ("Rosa", "rosa@example.org", "Vor meinem Haus", "Sackgasse 3", "Noch dunkler", "Die dritte")


def rosa(session: Session, clock: Clock) -> Ticket:
    """A ticket with everything that a person can leave behind."""
    ticket = take_in(
        session,
        clock(),
        photos=(POTHOLE,),
        name="Rosa Muster",
        email="rosa@example.org",
        description="Vor meinem Haus ist es dunkel.",
        address="Sackgasse 3",
        accuracy_m=12.0,
        secret_hash=secret_hash("rosa"),
    )
    ask(session, ticket, clock)
    reply(session, ticket, clock, "Die dritte.")
    add(session, ticket, clock, "Noch dunkler", photos=[keep_original(POTHOLE)])
    return ticket


def erase(session: Session, report: Report, clock: Clock) -> list[str]:
    names = erase_own(session, report, clock())
    session.commit()
    erase_files(house().photos, names)
    return names


def everything_in(session: Session) -> str:
    """Every row of every table, as text."""
    rows = [session.execute(table.select()).all() for table in Base.metadata.sorted_tables if table.name != "areas"]
    return str(rows)


def test_no_word_no_address_and_no_file_is_left_anywhere(
    app: Flask, session: Session, clock: Clock, tmp_path: Path, work: Callable[[], int]
) -> None:
    ticket = rosa(session, clock)
    work()
    key = uuid.uuid4().hex
    house().photos.put(stored_name(key, "piece"), b"half a photo")
    waiting = {"submission": str(uuid.uuid4()), "secret_hash": secret_hash("rosa")}
    session.add(Upload(key=keep_original(POTHOLE), created_at=clock(), **waiting))
    session.add(UploadPart(key=key, position=0, size=20, start=0, length=12, begun_at=clock(), **waiting))
    session.commit()
    assert all(word in everything_in(session) for word in WORDS)
    assert erase(session, ticket.reports[0], clock)
    left = everything_in(session)
    assert [word for word in WORDS if word in left] == []
    assert [path for path in (tmp_path / "photos").rglob("*") if path.is_file()] == []
    assert [session.scalars(select(model)).all() for model in (Photo, Upload, UploadPart)] == [[], [], []]
    assert ticket.reports[0].accuracy_m is None


def test_the_city_goes_on_with_place_category_status_and_its_own_words(session: Session, clock: Clock) -> None:
    ticket = rosa(session, clock)
    erase(session, ticket.reports[0], clock)
    assert (ticket.category.key, ticket.status, ticket.place is None) == ("laterne", "waiting", False)
    assert ticket.published_at is not None
    assert ticket.reports[0].answers == {"art": ["aus"]}
    assert [text.body for text in ticket.texts] == ["Welche Laterne genau?"]


def test_the_history_stays_whole(session: Session, clock: Clock) -> None:
    ticket = rosa(session, clock)
    erase(session, ticket.reports[0], clock)
    before = START
    for event in ticket.events:
        entry = Entry(ticket.id, event.position, event.at, Event(event.event), event.actor, event.data, event.words)
        assert event.seal == seal(entry, before)
        before = event.seal
    assert ticket.events[-1].event == Event.ERASED


def test_erasing_twice_is_erasing_once(session: Session, clock: Clock) -> None:
    ticket = rosa(session, clock)
    assert erase(session, ticket.reports[0], clock)
    assert erase(session, ticket.reports[0], clock) == []
    assert [event.event for event in ticket.events].count(Event.ERASED) == 1


def test_what_others_sent_about_the_same_matter_stays(session: Session, clock: Clock) -> None:
    ticket, other = rosa(session, clock), take_in(session, clock(), description="Auch ich sehe nichts.")
    other_report = other.reports[0]
    moved = session.scalars(select(TicketText).where(TicketText.report_id == other_report.id)).all()
    other_report.ticket_id = ticket.id
    for words in moved:
        words.ticket_id = ticket.id
    session.commit()
    session.expire_all()
    erase(session, ticket.reports[0], clock)
    assert [text.body for text in ticket.texts] == ["Welche Laterne genau?", "Auch ich sehe nichts."]


def test_departments_that_got_the_words_are_asked_to_erase_them_too(
    session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    ticket = rosa(session, clock)
    work()
    mailbox.sent.clear()
    erase(session, ticket.reports[0], clock)
    work()
    [mail] = mailbox.sent
    assert mail["To"] == "strassenbeleuchtung@maengelmelder.example"
    assert "Bitte um Löschung" in mail["Subject"]
    assert list(mail.iter_attachments()) == []


def test_mails_that_did_not_leave_yet_never_carry_erased_words(
    session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    ticket = rosa(session, clock)
    erase(session, ticket.reports[0], clock)
    assert session.scalars(select(Delivery.kind)).all() == ["department"]
    work()
    [mail] = mailbox.sent
    assert not any(word in mail.as_string() for word in ("Vor meinem Haus", "Noch dunkler", "rosa@"))
    assert list(mail.iter_attachments()) == []


def test_a_photo_that_is_erased_while_its_sizes_are_made_leaves_no_file(
    app: Flask, session: Session, clock: Clock, tmp_path: Path
) -> None:
    ticket = take_in(session, clock(), photos=(POTHOLE,))
    decoder = house().decoder

    class Slow:
        def make_sizes(self, original: bytes) -> object:
            sizes = decoder.make_sizes(original)
            erase(session, ticket.reports[0], clock)
            return sizes

    object.__setattr__(house(), "decoder", Slow())
    assert make_sizes.make_due_sizes() == 1
    assert session.scalars(select(Photo)).all() == []
    assert [path for path in (tmp_path / "photos").rglob("*") if path.is_file()] == []


def test_sqlite_keeps_no_copy_in_its_file(session: Session, clock: Clock) -> None:
    if session.get_bind().dialect.name != "sqlite":
        return
    ticket = rosa(session, clock)
    erase(session, ticket.reports[0], clock)
    session.rollback()
    path = Path(str(session.get_bind().engine.url.database))
    with closing(sqlite_module().connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes() + path.with_name(f"{path.name}-wal").read_bytes()
    assert b"Vor meinem Haus ist es dunkel" not in content
