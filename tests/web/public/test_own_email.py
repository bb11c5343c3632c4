"""Asking for notices later, changing the address, stopping them."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import RateLimitItemPerHour
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.house import house
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.reporting.change_email import stop_signer
from maengelmelder.services.reporting.confirm_address import address_signer
from maengelmelder.store.models import Report
from maengelmelder.web import limits
from maengelmelder.worker.tidy import tidy_up
from tests.conftest import Clock
from tests.web.public.forms import new_report, send
from tests.web.public.test_own_additions import only_ticket

ROSA = "rosa@example.org"


def contact(session: Session) -> tuple[str, bool]:
    session.rollback()
    report = session.scalars(select(Report)).one()
    return report.email, report.email_confirmed_at is not None


def confirm_by_mail(client: FlaskClient, mailbox: MemoryMailer, address: str) -> None:
    mail = next(mail for mail in reversed(mailbox.sent) if mail["To"] == address)
    part = mail.get_body(("plain",))
    assert part is not None
    link = re.search(r"http://localhost(/bestaetigen/\S+)", part.get_content())
    assert link
    assert client.post(link[1]).status_code == 200


def mails_to(mailbox: MemoryMailer, address: str) -> int:
    return sum(mail["To"] == address for mail in mailbox.sent)


def tell_news(session: Session, clock: Clock) -> None:
    ticket = only_ticket(session)
    move(session, ticket, Wish(ticket.version, answer="Wir kommen morgen."), "user:1", clock())
    session.commit()


def test_news_come_only_after_the_owner_of_the_address_said_yes(
    client: FlaskClient, session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    own = send(client, new_report()).location
    answer = client.post(f"{own}/email", data={"email": ROSA})
    assert answer.status_code == 303
    assert "Wir haben Ihnen eine E-Mail geschickt." in client.get(answer.location).text
    tell_news(session, clock)
    work()
    assert mails_to(mailbox, ROSA) == 1
    confirm_by_mail(client, mailbox, ROSA)
    assert contact(session) == (ROSA, True)
    tell_news(session, clock)
    work()
    assert mails_to(mailbox, ROSA) == 2


def test_another_address_must_be_confirmed_anew_and_the_old_one_is_gone(
    client: FlaskClient, session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    own = send(client, new_report(email=ROSA)).location
    work()
    confirm_by_mail(client, mailbox, ROSA)
    client.post(f"{own}/email", data={"email": "neu@example.org"})
    assert contact(session) == ("neu@example.org", False)
    mailbox.sent.clear()
    tell_news(session, clock)
    work()
    assert [mails_to(mailbox, address) for address in (ROSA, "neu@example.org")] == [0, 1]


def test_stopping_forgets_the_address_and_what_waits_for_it(
    client: FlaskClient, session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    own = send(client, new_report(email=ROSA)).location
    answer = client.post(f"{own}/email/beenden")
    assert "Ihre E-Mail-Adresse ist gelöscht." in client.get(answer.location).text
    assert contact(session) == ("", False)
    assert client.post(f"{own}/email/beenden").status_code == 303
    work()
    assert mails_to(mailbox, ROSA) == 0


def test_a_double_tap_asks_once_and_a_later_wish_asks_again(
    client: FlaskClient, session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    own = send(client, new_report()).location
    for _ in range(2):
        assert client.post(f"{own}/email", data={"email": ROSA}).status_code == 303
    work()
    assert mails_to(mailbox, ROSA) == 1
    clock.pass_(minutes=2)
    client.post(f"{own}/email", data={"email": ROSA})
    work()
    assert mails_to(mailbox, ROSA) == 2


@pytest.mark.parametrize(
    ("email", "sentence"),
    [("", "Bitte geben Sie Ihre E-Mail-Adresse ein."), ("rosa(at)example", "keine gültige E-Mail-Adresse")],
)
def test_a_wrong_address_is_said_and_kept(client: FlaskClient, session: Session, email: str, sentence: str) -> None:
    own = send(client, new_report(email=ROSA)).location
    answer = client.post(f"{own}/email", data={"email": email})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{email}"' in answer.text
    assert contact(session) == (ROSA, False)


def test_an_address_given_late_has_its_week_too(client: FlaskClient, session: Session, clock: Clock) -> None:
    own = send(client, new_report()).location
    clock.pass_(days=20)
    client.post(f"{own}/email", data={"email": ROSA})
    clock.pass_(days=7)
    tidy_up()
    assert contact(session) == (ROSA, False)
    clock.pass_(seconds=1)
    tidy_up()
    assert contact(session) == ("", False)


def test_nobody_can_fill_a_strangers_box(
    client: FlaskClient, set_house: Callable[..., None], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    set_house(rate_limits=True)
    monkeypatch.setattr(limits, "EMAILS", RateLimitItemPerHour(2))
    owns = [send(client, new_report()).location for _ in range(3)]
    answers = [client.post(f"{own}/email", data={"email": ROSA}) for own in owns]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert "in einer Stunde noch einmal" in answers[-1].text
    assert ROSA in answers[-1].text


def stop_path(mailbox: MemoryMailer) -> str:
    """The link at the end of the last notice."""
    notice = mailbox.sent[-1]
    part = notice.get_body(("plain",))
    assert part is not None
    link = re.search(r"http://localhost(/abbestellen/\S+)", part.get_content())
    assert link
    assert notice["List-Unsubscribe"] == f"<http://localhost{link[1]}>"
    assert notice["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return link[1]


def test_every_notice_can_be_the_last_by_its_own_link(
    client: FlaskClient, session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    send(client, new_report(email=ROSA))
    work()
    confirm_by_mail(client, mailbox, ROSA)
    tell_news(session, clock)
    work()
    path = stop_path(mailbox)
    assert "Keine Nachrichten mehr?" in client.get(path).text
    assert contact(session) == (ROSA, True)
    assert client.post(path, headers={"Origin": "https://evil.example"}).status_code == 403
    assert contact(session) == (ROSA, True)
    for _ in range(2):
        assert "Sie bekommen keine Nachrichten mehr" in client.post(path).text
    assert contact(session) == ("", False)


def test_an_old_link_does_not_stop_the_notices_to_a_new_address(
    client: FlaskClient, session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    own = send(client, new_report(email=ROSA)).location
    work()
    confirm_by_mail(client, mailbox, ROSA)
    tell_news(session, clock)
    work()
    client.post(f"{own}/email", data={"email": "neu@example.org"})
    assert client.post(stop_path(mailbox)).status_code == 200
    assert contact(session) == ("neu@example.org", False)


def test_a_forged_link_stops_nothing(app: Flask, client: FlaskClient, session: Session) -> None:
    send(client, new_report(email=ROSA))
    report_id = session.scalars(select(Report.id)).one()
    key = house(app).settings.secret_key
    foreign = address_signer(key).dumps([report_id, ROSA])
    for token in ("x", foreign, stop_signer("another key").dumps([report_id, ROSA]), stop_signer(key).dumps([0, ROSA])):
        assert client.post(f"/abbestellen/{token}").status_code == 404
    assert contact(session) == (ROSA, False)
