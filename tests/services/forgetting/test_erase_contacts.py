"""What the privacy page promises about names and addresses."""

from sqlalchemy.orm import Session

from maengelmelder.services.forgetting.erase_contacts import Erased, erase_contacts
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.store.models import Ticket
from tests.conftest import Clock
from tests.reports import take_in


def contact_of(session: Session, ticket: Ticket) -> tuple[str, str]:
    session.commit()
    session.expire_all()
    return ticket.reports[0].name, ticket.reports[0].email


def test_an_address_that_nobody_confirmed_is_erased_after_a_week(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), name="Rosa", email="rosa@example.org")
    clock.pass_(days=7)
    assert erase_contacts(session, clock()) == Erased(0, 0)
    clock.pass_(seconds=1)
    assert erase_contacts(session, clock(), dry_run=True) == Erased(1, 0)
    assert contact_of(session, ticket) == ("Rosa", "rosa@example.org")
    assert erase_contacts(session, clock()) == Erased(1, 0)
    assert contact_of(session, ticket) == ("Rosa", "")


def test_contact_data_is_erased_a_month_after_closing(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), name="Rosa", email="rosa@example.org")
    ticket.reports[0].email_confirmed_at = clock()
    clock.pass_(days=100)
    assert erase_contacts(session, clock()) == Erased(0, 0)
    move(session, ticket, Wish(ticket.version, "resolved"), "user:1", clock())
    clock.pass_(days=31)
    assert erase_contacts(session, clock()) == Erased(0, 1)
    assert contact_of(session, ticket) == ("", "")
    assert [text.body for text in ticket.texts] == ["Die Laterne vor dem Rathaus ist aus."]
