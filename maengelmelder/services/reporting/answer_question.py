"""Answering what the city asked back."""

from datetime import datetime

from sqlalchemy.orm import Session

from maengelmelder.domain.additions import decide_response
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.history import Event
from maengelmelder.domain.reports import Publish
from maengelmelder.services.reporting.add_to_report import publicity_of, record_addition, write_own_words
from maengelmelder.services.reporting.own_past import lock_ticket_of, read_past
from maengelmelder.store.models import Report


def answer_question(
    session: Session, catalogue: Catalogue, report: Report, words: str, *, once: str, publish: Publish, now: datetime
) -> bool:
    """Keep the answer and tell the department; False when this very form was taken before.

    The status stays: whether the answer is enough, only a clerk can say. Raises Refusals (`decide_response`).
    """
    ticket = lock_ticket_of(session, report)
    past = read_past(session, report)
    if once in past.tokens:
        return False
    decide_response(past, now, ticket.state, words)
    text = write_own_words(session, report, "response", words, publicity_of(catalogue, ticket, publish), now)
    record_addition(session, report, Event.REPLIED, text, once, now)
    return True
