"""Comparing the map's cells with the tickets, without changing either."""

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from maengelmelder.domain.cells import ALL_CATEGORIES, FINEST, GROUP_CODES, LEVELS
from maengelmelder.domain.tickets import GROUPS
from maengelmelder.store.models import Ticket, map_cells
from maengelmelder.store.queries.tickets import is_public


def count_wrongly_shown(session: Session) -> int:
    """Tickets that the cells count as something else than they are, or not although they should, or although not."""
    should = and_(is_public(), Ticket.position.is_not(None))
    group = case({str(status): GROUP_CODES[group] for status, group in GROUPS.items()}, value=Ticket.status)
    stale = or_(Ticket.shown_category_id != Ticket.category_id, Ticket.shown_group != group)
    wrong = or_(and_(should, or_(Ticket.shown_q.is_(None), stale)), and_(~should, Ticket.shown_q.is_not(None)))
    return session.scalar(select(func.count()).select_from(Ticket).where(wrong)) or 0


def find_wrong_levels(session: Session) -> list[int]:
    """Levels whose cells are not the sum of the tickets that they claim to count."""
    return [level for level in LEVELS if _differ(session, level)]


def _differ(session: Session, level: int) -> bool:
    code = Ticket.shown_q // 4 ** (FINEST - level)
    counted = (
        select(code.label("code"), Ticket.shown_group.label("status_group"), func.count().label("tickets"))
        .where(Ticket.shown_q.is_not(None))
        .group_by(code, Ticket.shown_group)
    )
    cells = map_cells.c
    kept = select(cells.code, cells.status_group, cells.tickets).where(
        cells.level == level, cells.category_id == ALL_CATEGORIES
    )
    by_category = select(func.sum(cells.tickets)).where(cells.level == level, cells.category_id != ALL_CATEGORIES)
    total = select(func.count()).select_from(Ticket).where(Ticket.shown_q.is_not(None))
    return bool(
        session.execute(counted.except_(kept).limit(1)).first()
        or session.execute(kept.except_(counted).limit(1)).first()
        or (session.scalar(by_category) or 0) != session.scalar(total)
    )
