"""A view of the map under filters that the cells do not know (time, words, a single status): counted while asked."""

import json
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from maengelmelder.domain.cells import CELLS_WITHIN, FINEST, GROUP_CODES, Tile
from maengelmelder.store.models import Category, Ticket
from maengelmelder.store.queries.map_view import MOST_POINTS, Picture
from maengelmelder.store.queries.public import Filter, conditions_of


def find_filtered_picture(session: Session, wanted: Filter, tiles: Sequence[Tile]) -> Picture:
    """The picture of the tickets that a filter lets through; its work grows with what lies in the tiles."""
    counts = _count(session, wanted, tiles)
    few = [tile for tile in tiles if 0 < counts.get(tile.code, 0) <= MOST_POINTS]
    many = [tile for tile in tiles if counts.get(tile.code, 0) > MOST_POINTS]
    return Picture(sum(counts.values()), _points(session, wanted, few), _cells(session, wanted, many))


def _count(session: Session, wanted: Filter, tiles: Sequence[Tile]) -> dict[int, int]:
    code = Ticket.shown_q // 4 ** (FINEST - tiles[0].zoom)
    query = select(code, func.count()).where(*_passes(session, wanted, tiles)).group_by(code)
    return dict(session.execute(query).all())


def _points(session: Session, wanted: Filter, tiles: Sequence[Tile]) -> str:
    if not tiles:
        return "[]"
    query = select(Ticket.id, func.ST_X(Ticket.position), func.ST_Y(Ticket.position), Category.key, Ticket.status)
    found = query.join(Category, Ticket.category_id == Category.id).where(*_passes(session, wanted, tiles))
    rows = session.execute(found)
    return _as_json([n, round(lon, 6), round(lat, 6), category, status] for n, lon, lat, category, status in rows)


def _cells(session: Session, wanted: Filter, tiles: Sequence[Tile]) -> str:
    if not tiles:
        return "[]"
    code = Ticket.shown_q // 4 ** (FINEST - tiles[0].zoom - CELLS_WITHIN)
    lon, lat = func.avg(func.ST_X(Ticket.position)), func.avg(func.ST_Y(Ticket.position))
    groups = [func.sum(case((Ticket.shown_group == group, 1), else_=0)) for group in GROUP_CODES.values()]
    rows = session.execute(select(lon, lat, *groups).where(*_passes(session, wanted, tiles)).group_by(code))
    return _as_json([round(row[0], 6), round(row[1], 6), *(int(n) for n in row[2:])] for row in rows)


def _passes(session: Session, wanted: Filter, tiles: Sequence[Tile]) -> Iterator[ColumnElement[bool]]:
    yield from conditions_of(session, wanted)
    yield or_(*(and_(Ticket.shown_q >= low, Ticket.shown_q < high) for low, high in (tile.range for tile in tiles)))


def _as_json(rows: Iterable[list[object]]) -> str:
    return json.dumps(list(rows), separators=(",", ":"))
