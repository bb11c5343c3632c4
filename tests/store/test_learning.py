"""What tickets teach, and how the suggestions of the past are counted."""

from sqlalchemy.orm import Session

from maengelmelder.store.queries.learning import find_examples, find_suggested
from tests.conftest import Clock
from tests.reports import take_in


def test_every_ticket_teaches_once_the_newest_last(session: Session, clock: Clock) -> None:
    for text in ("eins", "zwei", "drei"):
        clock.pass_(hours=1)
        take_in(session, clock(), description=text)
    assert find_examples(session, 10) == [("eins", "laterne"), ("zwei", "laterne"), ("drei", "laterne")]
    assert find_examples(session, 2) == [("zwei", "laterne"), ("drei", "laterne")]


def test_spam_teaches_nothing_and_is_not_counted(session: Session, clock: Clock) -> None:
    ticket = take_in(session, clock(), description="Kauft!", suggested=("laterne",))
    ticket.decline_reason = "spam"
    session.commit()
    assert find_examples(session, 10) == []
    assert list(find_suggested(session)) == []


def test_suggestions_stand_beside_the_category_of_today(session: Session, clock: Clock) -> None:
    take_in(session, clock(), suggested=("ampel", "laterne"))
    take_in(session, clock(), suggested=())
    take_in(session, clock())
    assert sorted(find_suggested(session)) == [([], "laterne"), (["ampel", "laterne"], "laterne")]
