"""`rebuild` and `check`: the map counts what is there, also after somebody changed tickets behind its back."""

import pytest
from sqlalchemy import text

from tests.cli.conftest import Shell
from tests.cli.test_import import GOOD, HEADER, MAPPING

CELLS = "SELECT sum(tickets * level) FROM map_cells"


@pytest.fixture(scope="module")
def town(shell: Shell) -> Shell:
    """Landshut with three imported tickets."""
    mapping = shell.write("map.yaml", MAPPING.format(source="alt"))
    rows = [GOOD.format(nr=number).replace("12.1519", f"12.15{number}") for number in (1, 2, 3)]
    assert shell.run("import", shell.write("alt.csv", HEADER + "".join(rows)), "--mapping", mapping).code == 0
    return shell


def change(shell: Shell, statement: str) -> None:
    with shell.database.begin() as connection:
        connection.execute(text(statement))


def test_an_import_leaves_nothing_to_rebuild(town: Shell) -> None:
    assert town.ask(CELLS) == 3 * 2 * sum(range(7, 19))
    assert "rebuild" not in town.run("check").out


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE tickets SET status = 'received' WHERE id = (SELECT min(id) FROM tickets)", "counts 1 tickets wrongly"),
        ("UPDATE tickets SET published_at = NULL WHERE id = (SELECT max(id) FROM tickets)", "counts 1 tickets wrongly"),
        ("UPDATE map_cells SET tickets = tickets + 1 WHERE level = 12 AND category_id = 0", "wrong at zoom 12"),
        ("UPDATE map_cells SET tickets = tickets + 1 WHERE level = 9 AND category_id > 0", "wrong at zoom 9"),
        ("DELETE FROM map_cells WHERE level = 18", "wrong at zoom 18"),
    ],
)
def test_what_somebody_changed_by_hand_is_found_and_mended(town: Shell, damage: str, said: str) -> None:
    change(town, damage)
    found = town.run("check")
    assert (found.code, said in found.out) == (1, True), found.out
    done = town.run("rebuild")
    assert (done.code, "3 tickets looked at" in done.out) == (0, True)
    assert "rebuild" not in town.run("check").out
