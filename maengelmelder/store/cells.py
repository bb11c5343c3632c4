"""Keeping the map's cells in step with the tickets: in the same transaction as every write.

Counted is what the tickets' rows say when the transaction ends, not what somebody meant to change; so a service cannot
forget it, and whatever a savepoint took back is not counted. SQL that changes tickets past the mapper (an import) calls
`keep_cells` itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, delete, event, select, text, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from maengelmelder.domain.cells import ALL_CATEGORIES, GROUP_CODES, LEVELS, code_at, part, place_code
from maengelmelder.domain.tickets import GROUPS, Status
from maengelmelder.store.models import Ticket, map_cells
from maengelmelder.store.types import to_place

TOUCHED = "tickets whose cells must be looked at"

Key = tuple[int, int, int, int]
Deltas = dict[Key, tuple[int, int, int]]


class Shown(NamedTuple):
    """As what a ticket is counted: its place code, its category's id, the code of its status group."""

    q: int
    category_id: int
    group: int


def watch_cells(session_factory: Any) -> None:
    """Keep the cells of whatever the sessions of this factory commit."""
    event.listen(session_factory, "before_flush", _note_touched)
    event.listen(session_factory, "before_commit", _keep_touched)
    event.listen(session_factory, "after_rollback", _forget_touched)


def keep_cells(session: Session, tickets: Collection[int]) -> None:
    """Count these tickets (numbers) as what their rows are now; locks the rows, so that changes follow each other."""
    rows = session.execute(_rows_of(tickets)).all()
    changed = [(row.id, was, now) for row in rows if (was := _counted(row)) != (now := _to_count(row))]
    if not changed:
        return
    _mark(session, [(number, now) for number, _, now in changed])
    _add(session, _deltas((was, now) for _, was, now in changed))


def empty_cells(session: Session) -> None:
    """Forget everything counted, as if no ticket had ever been on the map; `keep_cells` counts anew."""
    nothing = dict.fromkeys(("shown_q", "shown_category_id", "shown_group"))
    session.execute(update(Ticket).where(Ticket.shown_q.is_not(None)).values(nothing))
    session.execute(delete(map_cells))


def cells_of(shown: Shown) -> Iterator[Key]:
    """The cells (level, category, status group, code) that one ticket is counted in."""
    for level in LEVELS:
        code = code_at(level, shown.q)
        yield level, ALL_CATEGORIES, shown.group, code
        yield level, shown.category_id, shown.group, code


def _note_touched(session: Session, *_: Any) -> None:
    touched = session.info.setdefault(TOUCHED, set())
    touched.update(thing for thing in (*session.new, *session.dirty) if isinstance(thing, Ticket))


def _keep_touched(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched = session.info.pop(TOUCHED, ())
    if numbers := sorted(ticket.id for ticket in touched if ticket in session and ticket not in session.deleted):
        keep_cells(session, numbers)


def _forget_touched(session: Session) -> None:
    session.info.pop(TOUCHED, None)


def _rows_of(tickets: Collection[int]) -> Any:
    columns = (
        *(Ticket.id, Ticket.published_at, Ticket.merged_into_id, Ticket.category_id, Ticket.status, Ticket.position),
        *(Ticket.shown_q, Ticket.shown_category_id, Ticket.shown_group),
    )
    return select(*columns).where(Ticket.id.in_(tickets)).order_by(Ticket.id).with_for_update(of=Ticket)


def _counted(row: Row[Any]) -> Shown | None:
    return None if row.shown_q is None else Shown(row.shown_q, row.shown_category_id, row.shown_group)


def _to_count(row: Row[Any]) -> Shown | None:
    place = to_place(row.position)
    if place is None or row.published_at is None or row.merged_into_id is not None:
        return None
    return Shown(place_code(place), row.category_id, GROUP_CODES[GROUPS[Status(row.status)]])


def _mark(session: Session, marks: Iterable[tuple[int, Shown | None]]) -> None:
    tickets = Ticket.__table__
    values: dict[str, Any] = {f"shown_{name}": bindparam(f"to_{name}") for name in Shown._fields}
    statement = update(tickets).where(tickets.c.id == bindparam("number")).values(values)  # type: ignore[arg-type]
    rows = [
        {"number": number} | {f"to_{name}": getattr(shown, name, None) for name in Shown._fields}
        for number, shown in marks
    ]
    session.connection().execute(statement, rows)


def _deltas(changes: Iterable[tuple[Shown | None, Shown | None]]) -> Deltas:
    """What to add to each cell; sorted, so that two writers never wait for each other in a ring."""
    deltas: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for change in changes:
        for shown, sign in zip(change, (-1, 1), strict=True):
            if shown is not None:
                x, y = part(shown.q)
                for key in cells_of(shown):
                    delta = deltas[key]
                    delta[0] += sign
                    delta[1] += sign * x
                    delta[2] += sign * y
    return {key: (n, x, y) for key, (n, x, y) in sorted(deltas.items()) if n or x or y}


def _add(session: Session, deltas: Deltas) -> None:
    if not deltas:
        return
    rows = [dict(zip(map_cells.c.keys(), (*key, *delta), strict=True)) for key, delta in deltas.items()]
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_UPSERT_ARRAYS, {name: [row[name] for row in rows] for name in rows[0]})
    else:
        session.connection().execute(_UPSERT, rows)
    if emptied := [row for row in rows if row["tickets"] <= 0]:
        session.connection().execute(_SWEEP, [{name: row[name] for name in _KEYS} for row in emptied])


_KEYS = ("level", "category_id", "status_group", "code")
_PLUS = ("tickets", "sum_x", "sum_y")
_insert = insert(map_cells)
_UPSERT = _insert.on_conflict_do_update(
    index_elements=_KEYS, set_={name: map_cells.c[name] + _insert.excluded[name] for name in _PLUS}
)
# One statement with seven arrays: 24 rows a ticket one by one would be 24 round trips.
_UPSERT_ARRAYS = text(
    "INSERT INTO map_cells (level, category_id, status_group, code, tickets, sum_x, sum_y)"
    " SELECT * FROM unnest(CAST(:level AS smallint[]), CAST(:category_id AS integer[]),"
    " CAST(:status_group AS smallint[]), CAST(:code AS bigint[]), CAST(:tickets AS integer[]),"
    " CAST(:sum_x AS bigint[]), CAST(:sum_y AS bigint[]))"
    " ON CONFLICT (level, category_id, status_group, code)"
    " DO UPDATE SET tickets = map_cells.tickets + excluded.tickets,"
    " sum_x = map_cells.sum_x + excluded.sum_x, sum_y = map_cells.sum_y + excluded.sum_y"
)
_SWEEP = delete(map_cells).where(
    *(map_cells.c[name] == bindparam(f"{name}") for name in _KEYS), map_cells.c.tickets <= 0
)
