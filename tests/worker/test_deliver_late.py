"""Workers that come too late, and mails that nobody foresaw."""

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.database import db
from maengelmelder.domain.history import Event
from maengelmelder.house import KEY, house
from maengelmelder.ports import MailRefused, MailUnavailable
from maengelmelder.store.models import Delivery, TicketEvent
from maengelmelder.worker.deliver import deliver_due
from tests.conftest import Clock
from tests.reports import take_in


class Meanwhile:
    """A mail server that takes its time: something happens while it has the mail."""

    def __init__(self, happens: Callable[[], object], fault: Exception | None = None) -> None:
        self.happens, self.fault = happens, fault

    def send(self, message: EmailMessage) -> None:
        self.happens()
        if self.fault:
            raise self.fault


class ChokesOn:
    """A mailer that a single mail makes stumble in a way nobody foresaw."""

    def __init__(self, subject: str, mailbox: MemoryMailer) -> None:
        self.subject, self.mailbox = subject, mailbox

    def send(self, message: EmailMessage) -> None:
        if self.subject in message["Subject"]:
            raise UnicodeEncodeError("ascii", "geheim@example.org", 0, 1, "no")
        self.mailbox.send(message)


def test_one_bad_mail_does_not_hold_up_the_others(
    app: Flask, session: Session, clock: Clock, mailbox: MemoryMailer
) -> None:
    tickets = [take_in(session, clock()) for _ in range(3)]
    app.extensions[KEY] = replace(house(app), mailer=ChokesOn(f"[Mängelmelder {tickets[0].id}]", mailbox))
    deliver_due()
    session.rollback()
    assert len(mailbox.sent) == 2
    bad = session.scalars(select(Delivery).where(Delivery.ticket_id == tickets[0].id)).one()
    assert (bad.state, bad.error, bad.lease_until) == ("due", "UnicodeEncodeError", None)
    assert bad.due_at > clock()


@pytest.mark.parametrize("fault", [None, MailUnavailable("late"), MailRefused("late")])
def test_a_worker_that_comes_too_late_leaves_the_last_word_to_the_other(
    app: Flask, session: Session, clock: Clock, mailbox: MemoryMailer, fault: Exception | None
) -> None:
    ticket = take_in(session, clock())

    def take_over() -> None:
        app.extensions[KEY] = replace(house(app), mailer=mailbox)
        clock.pass_(minutes=11)
        assert deliver_due() == 1

    app.extensions[KEY] = replace(house(app), mailer=Meanwhile(take_over, fault))
    deliver_due()
    session.rollback()
    delivery = session.scalars(select(Delivery)).one()
    assert (delivery.state, delivery.error, delivery.attempts) == ("sent", "", 2)
    told = session.scalars(select(TicketEvent.event).where(TicketEvent.ticket_id == ticket.id)).all()
    assert told.count(Event.DELIVERED) == 1
    assert Event.UNDELIVERED not in told


def test_mails_whose_lease_ended_behind_a_slow_server_are_left_to_others(
    app: Flask, session: Session, clock: Clock, mailbox: MemoryMailer
) -> None:
    for _ in range(3):
        take_in(session, clock())
    app.extensions[KEY] = replace(house(app), mailer=Meanwhile(lambda: clock.pass_(minutes=11)))
    deliver_due()
    session.rollback()
    states = session.scalars(select(Delivery.state).order_by(Delivery.id)).all()
    assert states == ["sent", "due", "due"]
    app.extensions[KEY] = replace(house(app), mailer=mailbox)
    deliver_due()
    assert len(mailbox.sent) == 2


def test_nothing_that_could_block_a_report_is_held_while_a_mail_is_under_way(
    app: Flask, session: Session, clock: Clock
) -> None:
    take_in(session, clock())
    seen = []
    app.extensions[KEY] = replace(house(app), mailer=Meanwhile(lambda: seen.append(db.session().in_transaction())))
    deliver_due()
    assert seen == [False]
