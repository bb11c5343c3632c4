"""What a city's tickets teach: which words belong to which category, and how good the suggestions were."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from maengelmelder.store.models import Category, Report, Ticket, TicketText


def find_examples(session: Session, most: int) -> list[tuple[str, str]]:
    """The first description of each ticket and its category as it stands now, the oldest first; no spam.

    most: how many; of more the newest count, because words and categories change.
    """
    first = (
        select(func.min(TicketText.id))
        .where(TicketText.kind == "description", TicketText.body != "")
        .group_by(TicketText.ticket_id)
    )
    query = (
        select(TicketText.body, Category.key)
        .join(Ticket, TicketText.ticket_id == Ticket.id)
        .join(Category, Ticket.category_id == Category.id)
        .where(TicketText.id.in_(first), Ticket.decline_reason != "spam")
        .order_by(Ticket.reported_at.desc(), Ticket.id.desc())
        .limit(most)
    )
    return [(body, key) for body, key in session.execute(query)][::-1]


def find_suggested(session: Session) -> Iterator[tuple[list[str], str]]:
    """What was suggested for each report that came with a text, and the category its ticket has now."""
    query = (
        select(Report.suggested, Category.key)
        .join(Ticket, Report.ticket_id == Ticket.id)
        .join(Category, Ticket.category_id == Category.id)
        .where(Report.suggested.is_not(None), Ticket.decline_reason != "spam")
    )
    return ((suggested or [], key) for suggested, key in session.execute(query))
