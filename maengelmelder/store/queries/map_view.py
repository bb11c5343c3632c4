"""What a view of the map shows: single tickets where there are few, else the cells that count them.

Both databases build the JSON themselves and hand over one string: with threads, rows cost several times as much.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from maengelmelder.domain.cells import ALL_CATEGORIES, CELLS_WITHIN, FINEST, LEVELS, Tile, code_at

MOST_POINTS = 40  # tickets of a tile that are shown one by one

_FUNCTIONS = {
    "sqlite": {
        "ranges": "(SELECT value ->> 0 AS low, value ->> 1 AS high FROM json_each(:ranges))",
        "rows": "json_group_array(json_array({}))",
        "degrees": "round({}, 6)",
    },
    "postgresql": {
        "ranges": "(SELECT CAST(value ->> 0 AS bigint) AS low, CAST(value ->> 1 AS bigint) AS high"
        " FROM json_array_elements(CAST(:ranges AS json)) AS given(value))",
        "rows": "CAST(coalesce(json_agg(json_build_array({})), '[]') AS text)",
        "degrees": "round(CAST({} AS numeric), 6)",
    },
}


@dataclass(frozen=True)
class View:
    """What to look at: tiles of one zoom; ids of categories (None: all), codes of status groups."""

    tiles: Sequence[Tile]
    categories: Sequence[int] | None
    groups: Sequence[int]


@dataclass(frozen=True)
class Picture:
    """The answer. total: tickets in the tiles. points: JSON array of [number, lon, lat, category's key, status].

    cells: JSON array of [lon, lat, new, work, done, other]: their mean position, and how many of each status group.
    """

    total: int
    points: str
    cells: str


def find_picture(session: Session, view: View) -> Picture:
    """The picture of a view; its work depends on the tiles, not on how many tickets there are."""
    counts = _count(session, view)
    few = [tile for tile in view.tiles if 0 < counts.get(tile.code, 0) <= MOST_POINTS]
    many = [tile for tile in view.tiles if counts.get(tile.code, 0) > MOST_POINTS]
    points = str(_ask(session, "points", view, few).scalar()) if few else "[]"
    return Picture(sum(counts.values()), points, _cells(session, view, many))


def _count(session: Session, view: View) -> dict[int, int]:
    """Tickets by the code of their tile; tiles coarser than the coarsest cells are summed from these."""
    zoom = view.tiles[0].zoom
    level = max(LEVELS.start, zoom)
    found: dict[int, int] = {}
    for row in _ask(session, "count", view, view.tiles, level):
        tile = row[0] >> 2 * (level - zoom)
        found[tile] = found.get(tile, 0) + int(row[1])
    return found


def _cells(session: Session, view: View, tiles: Sequence[Tile]) -> str:
    if not tiles:
        return "[]"
    level = max(LEVELS.start, tiles[0].zoom + CELLS_WITHIN)
    if level in LEVELS:
        return str(_ask(session, "cells", view, tiles, level).scalar())
    return str(_ask(session, "fine cells", view, tiles, FINEST, shift=2 * (FINEST - level)).scalar())


def _ask(session: Session, what: str, view: View, tiles: Sequence[Tile], level: int = FINEST, **more: int) -> Any:
    """Ask about the codes of a level that lie within the tiles."""
    ranges = [[code_at(level, code) for code in tile.range] for tile in tiles]
    values: dict[str, Any] = {"ranges": json.dumps(ranges), "groups": view.groups, **more}
    counted = what in ("count", "cells")
    if counted:
        values |= {"level": level, "categories": [ALL_CATEGORIES]}
    if view.categories is not None:
        values["categories"] = view.categories
    dialect = session.get_bind().dialect.name
    return session.execute(_statement(what, dialect, "categories" in values), values)


@cache
def _statement(what: str, dialect: str, of_categories: bool) -> TextClause:
    functions = _FUNCTIONS[dialect]
    lon, lat = (functions["degrees"].format(name) for name in ("lon", "lat"))
    lists = ["groups", "categories"] if of_categories else ["groups"]
    query = _QUERIES[what].format(
        points=functions["rows"].format(f"id, {lon}, {lat}, category, status"),
        cells=functions["rows"].format(f"{lon}, {lat}, new, work, done, other"),
        of_categories="AND shown_category_id IN :categories" if of_categories else "",
        **functions,
    )
    return text(query).bindparams(*(bindparam(name, expanding=True) for name in lists))


# The mean of a cell back to degrees: EPSG:3857's inverse; sinh by exp, because SQLite has no sinh.
_LON = "sum(CAST(sum_x AS double precision)) / sum(tickets) / {side} * 360 - 180"
_TURN = "(1 - 2 * sum(CAST(sum_y AS double precision)) / sum(tickets) / {side}) * pi()"
_LAT = f"degrees(atan((exp({_TURN}) - exp(-{_TURN})) / 2))"
_BY_GROUP = """
    sum(CASE {group} WHEN 1 THEN {number} ELSE 0 END) AS new,
    sum(CASE {group} WHEN 2 THEN {number} ELSE 0 END) AS work,
    sum(CASE {group} WHEN 3 THEN {number} ELSE 0 END) AS done,
    sum(CASE {group} WHEN 4 THEN {number} ELSE 0 END) AS other
"""
_SIDE = 2**FINEST
# CROSS JOIN keeps SQLite from reading the large table first; PostgreSQL chooses by itself.
_QUERIES = {
    "count": """
SELECT code, sum(tickets) FROM {ranges} AS tile CROSS JOIN map_cells
WHERE level = :level AND category_id IN :categories AND status_group IN :groups AND code >= low AND code < high
GROUP BY code
""",
    "points": """
SELECT {points} FROM (
  SELECT id, ST_X(position) AS lon, ST_Y(position) AS lat, status,
    (SELECT key FROM categories WHERE categories.id = shown_category_id) AS category
  FROM {ranges} AS tile CROSS JOIN tickets
  WHERE shown_q >= low AND shown_q < high AND shown_group IN :groups {of_categories}
) AS found
""",
    "cells": f"""
SELECT {{cells}} FROM (
  SELECT {_LON.format(side=_SIDE)} AS lon, {_LAT.format(side=_SIDE)} AS lat,
  {_BY_GROUP.format(group="status_group", number="tickets")}
  FROM {{ranges}} AS tile CROSS JOIN map_cells
  WHERE level = :level AND category_id IN :categories AND status_group IN :groups AND code >= low AND code < high
  GROUP BY code
) AS found
""",  # noqa: S608 - nothing but constants
    "fine cells": f"""
SELECT {{cells}} FROM (
  SELECT avg(ST_X(position)) AS lon, avg(ST_Y(position)) AS lat, {_BY_GROUP.format(group="shown_group", number="1")}
  FROM {{ranges}} AS tile CROSS JOIN tickets
  WHERE shown_q >= low AND shown_q < high AND shown_group IN :groups {{of_categories}}
  GROUP BY shown_q >> :shift
) AS found
""",  # noqa: S608 - nothing but constants
}
