"""From an accepted report to a mail in the right department's box."""

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.domain.history import Event
from maengelmelder.house import KEY, house
from maengelmelder.ports import MailRefused, MailUnavailable
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.models import Delivery, Ticket, TicketEvent
from maengelmelder.worker.deliver import deliver_due
from tests.conftest import Clock
from tests.reports import POTHOLE, take_in

Work = Callable[[], int]


class BrokenServer:
    """A mail server that answers every mail with the same fault."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def send(self, message: EmailMessage) -> None:
        raise self.fault


def break_mail(app: Flask, fault: Exception) -> None:
    app.extensions[KEY] = replace(house(app), mailer=BrokenServer(fault))


def mend_mail(app: Flask, mailbox: MemoryMailer) -> None:
    app.extensions[KEY] = replace(house(app), mailer=mailbox)


def to(mailbox: MemoryMailer, address: str) -> EmailMessage:
    found = [mail for mail in mailbox.sent if mail["To"] == address]
    assert len(found) == 1, [mail["To"] for mail in mailbox.sent]
    return found[0]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_a_broken_lamp_reaches_the_lighting_department(
    session: Session, clock: Clock, mailbox: MemoryMailer, work: Work
) -> None:
    ticket = take_in(session, clock(), photos=(POTHOLE,))
    work()
    mail = to(mailbox, "strassenbeleuchtung@maengelmelder.example")
    assert mail["Subject"] == f"[Mängelmelder {ticket.id}] Straßenlaterne defekt"
    assert "Die Laterne vor dem Rathaus ist aus." in text_of(mail)
    assert "48.536900, 12.152200" in text_of(mail)
    assert f"http://localhost/verwaltung/vorgang/{ticket.id}" in text_of(mail)
    assert f"http://localhost/verwaltung/vorgang/{ticket.id}" in html_of(mail)
    [photo] = list(mail.iter_attachments())
    assert photo.get_content_type() == "image/jpeg"
    assert photo.get_filename() == f"meldung-{ticket.id}-1.jpg"
    assert b"Exif" not in photo.get_content()


def test_the_mail_is_sent_once_and_noted_in_the_history(
    session: Session, clock: Clock, mailbox: MemoryMailer, work: Work
) -> None:
    take_in(session, clock())
    assert work() == 1
    assert work() == 0
    delivery = session.scalars(select(Delivery)).one()
    assert (delivery.state, delivery.sent_at) == ("sent", clock())
    events = session.scalars(select(TicketEvent.event).order_by(TicketEvent.position)).all()
    assert events == [Event.REPORTED, Event.ROUTED, Event.DELIVERED]


def test_the_reporters_name_and_address_never_leave_the_city(
    session: Session, clock: Clock, mailbox: MemoryMailer, work: Work
) -> None:
    take_in(session, clock(), name="Rosa Muster", email="rosa@example.org")
    work()
    mail = to(mailbox, "strassenbeleuchtung@maengelmelder.example")
    assert "rosa" not in mail.as_string().lower()
    assert "Muster" not in mail.as_string()


def test_a_department_that_reads_along_gets_a_copy(
    session: Session, clock: Clock, mailbox: MemoryMailer, work: Work
) -> None:
    take_in(session, clock(), category="radweg", answers={})
    work()
    assert "Zur Kenntnis" in to(mailbox, "mobilitaet@maengelmelder.example")["Subject"]
    assert "Zur Kenntnis" not in to(mailbox, "bauamtliche-betriebe@maengelmelder.example")["Subject"]


def test_the_mail_waits_for_the_photos_five_minutes_at_most(
    app: Flask, session: Session, clock: Clock, mailbox: MemoryMailer, work: Work
) -> None:

    take_in(session, clock(), photos=(POTHOLE,))
    assert deliver_due() == 0
    clock.pass_(minutes=5)
    assert deliver_due() == 1
    mail = to(mailbox, "strassenbeleuchtung@maengelmelder.example")
    assert list(mail.iter_attachments()) == []
    assert "Ein Foto wird noch verarbeitet" in text_of(mail)


def test_markup_in_a_description_stays_text(session: Session, clock: Clock, mailbox: MemoryMailer, work: Work) -> None:
    take_in(session, clock(), description="<script>alert(1)</script> & <b>Loch</b>")
    work()
    mail = to(mailbox, "strassenbeleuchtung@maengelmelder.example")
    assert "<script>alert(1)</script> & <b>Loch</b>" in text_of(mail)
    assert "<script>" not in html_of(mail)
    assert "&lt;b&gt;Loch&lt;/b&gt;" in html_of(mail)


def test_a_mail_server_that_is_away_is_tried_again_later(
    app: Flask, session: Session, clock: Clock, mailbox: MemoryMailer, work: Work
) -> None:
    take_in(session, clock())
    break_mail(app, MailUnavailable("mail.example: refused"))
    work()
    session.expire_all()
    delivery = session.scalars(select(Delivery)).one()
    assert (delivery.state, delivery.attempts, delivery.error) == ("due", 1, "mail.example: refused")
    session.rollback()
    mend_mail(app, mailbox)
    assert work() == 0
    clock.pass_(minutes=1)
    assert work() == 1
    assert len(mailbox.sent) == 1


@pytest.mark.parametrize(
    ("fault", "hours"), [(MailRefused("the mail server answered 550"), 0), (MailUnavailable("away"), 24)]
)
def test_what_cannot_be_delivered_is_given_up_visibly(
    app: Flask, session: Session, clock: Clock, work: Work, fault: Exception, hours: int
) -> None:
    take_in(session, clock())
    break_mail(app, fault)
    clock.pass_(hours=hours)
    work()
    assert session.scalars(select(Delivery.state)).one() == "dead"
    assert session.scalars(select(TicketEvent.event).order_by(TicketEvent.id.desc())).first() == Event.UNDELIVERED


def test_the_same_delivery_always_bears_the_same_message_id(
    app: Flask, session: Session, clock: Clock, mailbox: MemoryMailer
) -> None:
    from maengelmelder.worker.compose import compose

    take_in(session, clock())
    delivery = session.scalars(select(Delivery)).one()
    assert compose(delivery)["Message-ID"] == compose(delivery)["Message-ID"] == f"<delivery-{delivery.id}@localhost>"


def test_a_reporter_who_confirmed_hears_of_a_new_status(
    session: Session, clock: Clock, mailbox: MemoryMailer, work: Work
) -> None:
    ticket = take_in(session, clock(), email="rosa@example.org", language="en")
    work()
    assert "/bestaetigen/" in text_of(to(mailbox, "rosa@example.org"))
    mailbox.sent.clear()
    _answer(session, ticket, clock)
    work()
    assert mailbox.sent == []
    ticket.reports[0].email_confirmed_at = clock()
    _answer(session, ticket, clock)
    work()
    assert "Wir kommen morgen." in text_of(to(mailbox, "rosa@example.org"))


def _answer(session: Session, ticket: Ticket, clock: Clock) -> None:
    move(session, ticket, Wish(version=ticket.version, answer="Wir kommen morgen."), "user:1", clock())
    session.commit()


def test_an_erased_address_ends_the_delivery(session: Session, clock: Clock, mailbox: MemoryMailer, work: Work) -> None:
    ticket = take_in(session, clock(), email="rosa@example.org")
    ticket.reports[0].email = ""
    session.commit()
    work()
    confirm = session.scalars(select(Delivery).where(Delivery.kind == "confirm")).one()
    assert (confirm.state, confirm.error) == ("dead", "no address")
