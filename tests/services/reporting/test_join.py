"""Standing by what somebody else has reported: one more person, never one more ticket."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from maengelmelder.adapters.mailing import MemoryMailer
from maengelmelder.domain.errors import Refusal, Refusals
from maengelmelder.domain.history import START, Entry, Event, hash_words, seal
from maengelmelder.domain.reports import Draft
from maengelmelder.domain.tickets import Status
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.reporting.confirm_address import confirm_address
from maengelmelder.services.reporting.join import join
from maengelmelder.services.reporting.submit import Incoming, Receipt, SubmissionTaken
from maengelmelder.services.reporting.withdraw import may_withdraw, stands_alone, withdraw
from maengelmelder.store.models import Delivery, Report, Ticket, TicketEvent
from maengelmelder.store.queries.catalogue import get_catalogue
from tests.conftest import Clock
from tests.reports import ALTSTADT, POTHOLE, keep_original, secret_hash, take_in


def join_in(session: Session, clock: Clock, number: int, **changes: Any) -> Receipt:
    """One more person; committed. `changes` go to the Draft where it has such a field, else to the Incoming."""
    draft = {name: changes.pop(name) for name in list(changes) if name in Draft.__dataclass_fields__}
    photos = changes.get("photos", ())
    if "photos" in draft:
        photos = draft.pop("photos")
    incoming = {
        "submission": str(uuid.uuid4()),
        "secret_hash": secret_hash(uuid.uuid4().hex),
        "photos": photos,
        "draft": Draft(photos=len(photos), **draft),
    }
    receipt = join(session, get_catalogue(session), Incoming(**(incoming | changes)), number, clock())
    session.commit()
    return receipt


def end(session: Session, clock: Clock, ticket: Ticket, status: Status, **wish: str) -> None:
    move(session, ticket, Wish(ticket.version, status=status, **wish), "user:1", clock())
    session.commit()


def deliveries(session: Session, kind: str) -> int:
    return session.scalar(select(func.count(Delivery.id)).where(Delivery.kind == kind)) or 0


def events(ticket: Ticket) -> list[str]:
    return [event.event for event in ticket.events]


def test_whoever_joins_is_one_more_person_and_no_new_ticket(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    assert ticket.affected == 1
    receipt = join_in(session, clock, ticket.id)
    session.expire_all()
    assert receipt.report.ticket_id == ticket.id
    assert ticket.affected == 2
    assert session.scalar(select(func.count(Ticket.id))) == 1
    assert events(ticket)[-1] == Event.JOINED


def test_the_same_submission_joins_once(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    once = {"submission": str(uuid.uuid4()), "secret_hash": "a" * 64}
    first = join_in(session, clock, ticket.id, **once)
    again = join_in(session, clock, ticket.id, **once)
    assert (first.repeated, again.repeated) == (False, True)
    assert first.report is again.report
    session.expire_all()
    assert ticket.affected == 2
    with pytest.raises(SubmissionTaken):
        join_in(session, clock, ticket.id, **(once | {"secret_hash": "b" * 64}))


def test_where_the_second_person_stood_is_not_kept(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    report = join_in(session, clock, ticket.id, place=ALTSTADT, accuracy_m=8.0, address="Bei mir daheim").report
    assert (report.accuracy_m, report.answers, report.email) == (None, {}, "")
    assert all(text.report_id != report.id for text in ticket.texts)


def test_words_and_photos_wait_for_their_release_like_all_others(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    photos = (keep_original(POTHOLE),)
    report = join_in(session, clock, ticket.id, description="Seit Montag dunkel.", photos=photos).report
    session.expire_all()
    (text,) = (text for text in ticket.texts if text.report_id == report.id)
    (photo,) = (photo for photo in ticket.photos if photo.report_id == report.id)
    assert (text.kind, text.body, text.releasable, text.released_at) == (
        "description",
        "Seit Montag dunkel.",
        True,
        None,
    )
    assert (photo.key, photo.releasable, photo.released_at) == (photos[0], True, None)


def test_the_history_stays_sealed_and_holds_no_word(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    join_in(session, clock, ticket.id, description="Bei Familie Huber", name="Rosa Muster", email="rosa@example.org")
    session.expire_all()
    previous = START
    for event in ticket.events:
        entry = Entry(ticket.id, event.position, event.at, Event(event.event), event.actor, event.data, event.words)
        previous = seal(entry, previous)
        assert event.seal == previous
    joined = ticket.events[-1]
    assert joined.text is not None
    assert joined.words == hash_words("Bei Familie Huber", joined.text.salt)
    assert not {"Huber", "Rosa", "rosa@"} & set(str([event.data for event in ticket.events]).split())


def test_a_mere_me_too_disturbs_neither_the_department_nor_a_clerk_at_work(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    before = ticket.version
    join_in(session, clock, ticket.id)
    session.expire_all()
    assert (deliveries(session, "addition"), ticket.version) == (0, before)


def test_the_department_gets_new_words_and_only_these(
    session: Session, clock: Clock, mailbox: MemoryMailer, work: Callable[[], int]
) -> None:
    ticket = take_in(session, clock())
    number = ticket.id
    work()
    mailbox.sent.clear()
    join_in(session, clock, number, description="Jetzt liegen Kabel offen.", photos=(keep_original(POTHOLE),))
    clock.pass_(minutes=6)
    work()
    (mail,) = mailbox.sent
    body = mail.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    assert "eine weitere Person hat dasselbe gemeldet" in words
    assert "Jetzt liegen Kabel offen." in words
    assert "vor dem Rathaus" not in words
    assert len(list(mail.iter_attachments())) == 1


def test_the_address_is_asked_for_and_then_gets_news(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    report = join_in(session, clock, ticket.id, email="rosa@example.org").report
    assert deliveries(session, "confirm") == 1
    confirm_address(report, clock())
    end(session, clock, ticket, Status.SCHEDULED)
    assert list(session.scalars(select(Delivery.report_id).where(Delivery.kind == "notice"))) == [report.id]


@pytest.mark.parametrize("number", [0, 1, 999_999_999])
def test_what_does_not_exist_cannot_be_joined(session: Session, clock: Clock, number: int) -> None:
    with pytest.raises(Refusal, match="joins_unknown"):
        join_in(session, clock, number)


def test_what_not_everybody_may_see_looks_like_what_does_not_exist(session: Session, clock: Clock) -> None:
    hidden = take_in(session, clock(), category="schrottauto", answers={})
    held = take_in(session, clock(), held=True)
    for ticket in (hidden, held):
        with pytest.raises(Refusal, match="joins_unknown"):
            join_in(session, clock, ticket.id)


def test_what_was_mended_may_be_joined_for_two_weeks(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    end(session, clock, ticket, Status.RESOLVED)
    clock.pass_(days=14)
    join_in(session, clock, ticket.id)
    clock.pass_(minutes=1)
    with pytest.raises(Refusal, match="joins_closed"):
        join_in(session, clock, ticket.id)


def test_what_was_declined_cannot_be_joined(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    end(session, clock, ticket, Status.DECLINED, reason="no_defect")
    with pytest.raises(Refusal, match="joins_closed"):
        join_in(session, clock, ticket.id)


def test_what_was_merged_leads_to_the_ticket_that_stayed(session: Session, clock: Clock) -> None:
    stayed, middle, merged = (take_in(session, clock()) for _ in range(3))
    middle.merged_into_id, merged.merged_into_id = stayed.id, middle.id
    session.commit()
    assert join_in(session, clock, merged.id).report.ticket_id == stayed.id


def test_a_circle_of_merges_ends(session: Session, clock: Clock) -> None:
    one, other = take_in(session, clock()), take_in(session, clock())
    one.merged_into_id, other.merged_into_id = other.id, one.id
    session.commit()
    with pytest.raises(Refusal, match="joins_unknown"):
        join_in(session, clock, one.id)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({"description": "a" * 4001}, "text_too_long"),
        ({"description": "a\0b"}, "text_not_printable"),
        ({"photos": ("a", "b", "c", "d")}, "photos_too_many"),
    ],
)
def test_what_no_report_may_hold_joins_nothing(
    session: Session, clock: Clock, draft: dict[str, Any], code: str
) -> None:
    ticket = take_in(session, clock())
    with pytest.raises(Refusals) as refused:
        join_in(session, clock, ticket.id, **draft)
    assert [refusal.code for refusal in refused.value.refusals] == [code]
    session.rollback()
    assert ticket.affected == 1


def test_one_who_joined_and_leaves_leaves_the_others_their_ticket(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    joined = join_in(session, clock, ticket.id, description="Bei mir auch.").report
    assert may_withdraw(joined)
    assert not stands_alone(session, joined)
    for text in ticket.texts:
        text.released_at = clock()
    withdraw(session, joined, clock())
    session.commit()
    assert (ticket.status, ticket.affected) == (Status.RECEIVED, 1)
    assert ticket.published_at is not None
    assert not may_withdraw(joined)
    shown = {text.report_id for text in ticket.texts if text.released_at}
    assert joined.id not in shown
    assert len(shown) == 1


def test_the_first_may_leave_too_and_the_last_ends_the_ticket(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    first, second = ticket.reports[0], join_in(session, clock, ticket.id).report
    withdraw(session, first, clock())
    session.commit()
    assert (ticket.status, ticket.affected) == (Status.RECEIVED, 1)
    assert stands_alone(session, second)
    withdraw(session, second, clock())
    session.commit()
    session.expire_all()
    assert (ticket.status, ticket.decline_reason, ticket.affected) == (Status.DECLINED, "withdrawn", 0)
    assert ticket.published_at is None


def test_leaving_twice_is_leaving_once(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    joined = join_in(session, clock, ticket.id).report
    for _ in range(2):
        withdraw(session, joined, clock())
        session.commit()
    assert events(ticket).count(Event.WITHDRAWN) == 1
    assert ticket.status == Status.RECEIVED


def test_whoever_left_hears_no_more_of_it(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock())
    joined = join_in(session, clock, ticket.id, email="rosa@example.org").report
    confirm_address(joined, clock())
    withdraw(session, joined, clock())
    end(session, clock, ticket, Status.SCHEDULED)
    assert deliveries(session, "notice") == 0
    assert session.scalar(select(func.count(Report.id)).where(Report.email == "rosa@example.org")) == 1
    assert session.scalar(select(func.count(TicketEvent.id)).where(TicketEvent.event == Event.WITHDRAWN)) == 1
