"""`maengelmelder import`: what a city brings along from its older system."""

import csv
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Shell

MAPPING = """
source: {source}
columns: {{id: nr, description: text, address: ort, lon: lon, lat: lat, category: art, reported: wann, status: stand}}
status: {{values: {{fertig: resolved}}, default: accepted}}
"""
HEADER = "nr,text,ort,lon,lat,art,wann,stand\n"
GOOD = "{nr},Loch,Altstadt 315,12.1519,48.5370,schlagloch,2020-06-06 23:48:00,fertig\n"


@pytest.fixture
def mapping(shell: Shell, request: pytest.FixtureRequest) -> Path:
    """The mapping, with a source of its own for each test."""
    return shell.write("map.yaml", MAPPING.format(source=request.node.originalname[:60]))


def tickets_of(shell: Shell, source: str) -> int:
    found: int = shell.ask(f"SELECT count(*) FROM reports WHERE source = '{source[:60]}'")  # noqa: S608
    return found


def test_good_rows_come_in_and_bad_ones_are_listed_with_line_and_reason(shell: Shell, mapping: Path) -> None:
    rows = [GOOD.format(nr=1), GOOD.format(nr="=2+3").replace("12.1519", "11.57"), GOOD.format(nr=3)]
    file = shell.write("alt.csv", HEADER + "".join(rows))
    done = shell.run("import", file, "--mapping", mapping)
    assert done.code == 0
    assert "3 Zeilen: 2 übernommen, 0 schon da, 1 fehlerhaft." in done.out
    assert "Zeile 3: " in done.err
    with (shell.directory / "alt.csv.errors.csv").open(encoding="utf-8-sig", newline="") as listed:
        header, row = csv.reader(listed, delimiter=";")
    assert header == ["Zeile", "Kennung", "Feld", "Code", "Grund"]
    assert row[:4] == ["3", "'=2+3", "place", "place_outside"]
    assert "Stadtgrenze" in row[4]


def test_the_same_file_again_brings_only_what_is_new(shell: Shell, mapping: Path) -> None:
    file = shell.write("again.csv", HEADER + GOOD.format(nr=1))
    shell.run("import", file, "--mapping", mapping)
    shell.write("again.csv", HEADER + GOOD.format(nr=1) + GOOD.format(nr=2))
    done = shell.run("import", file, "--mapping", mapping)
    assert (done.code, "1 übernommen, 1 schon da, 0 fehlerhaft" in done.out) == (0, True)
    assert not (shell.directory / "again.csv.errors.csv").exists()
    again = shell.run("import", file, "--mapping", mapping)
    assert (again.code, "0 übernommen, 2 schon da" in again.out) == (0, True)


def test_an_id_that_comes_twice_is_no_repetition(shell: Shell, mapping: Path) -> None:
    file = shell.write("twice.csv", HEADER + GOOD.format(nr=1) + GOOD.format(nr=1).replace("Loch", "Anderes"))
    done = shell.run("import", file, "--mapping", mapping, "--batch", "1")
    assert "1 übernommen, 0 schon da, 1 fehlerhaft" in done.out
    assert "Diese Kennung steht schon in Zeile 2." in done.err


def test_a_dry_run_writes_no_report(shell: Shell, mapping: Path) -> None:
    file = shell.write("dry.csv", HEADER + GOOD.format(nr=1))
    done = shell.run("import", file, "--mapping", mapping, "--dry-run")
    assert (done.code, "1 würden übernommen" in done.out) == (0, True)
    assert tickets_of(shell, "test_a_dry_run_writes_no_report") == 0


def test_when_nothing_can_be_taken_the_command_fails(shell: Shell, mapping: Path) -> None:
    file = shell.write("bad.csv", HEADER + GOOD.format(nr=1).replace("schlagloch", "Ufo"))
    done = shell.run("import", file, "--mapping", mapping, "--errors", shell.directory / "no" / "such" / "list.csv")
    assert done.code == 1
    assert "Für die Kategorie „Ufo“ steht nichts in der Zuordnung" in done.err
    assert "lässt sich nicht schreiben" in done.err
    assert "Traceback" not in done.err


def test_a_file_that_breaks_off_leaves_what_was_read(shell: Shell, mapping: Path) -> None:
    broken = HEADER.encode() + b"".join(GOOD.format(nr=n).encode() for n in range(2000)) + b"\xff\xfe"
    file = shell.directory / "broken.csv"
    file.write_bytes(broken)
    done = shell.run("import", file, "--mapping", mapping, "--batch", "50")
    assert done.code == 1
    assert "nicht in utf-8 gespeichert" in done.err
    assert tickets_of(shell, "test_a_file_that_breaks_off_leaves_what_was_read") > 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Es fehlt die Zuordnung der Spalten"),
        ("source: x", 'map.yaml:1: "columns" fehlt'),
        (MAPPING.format(source="x") + "category: {default: ufo}", "Diese Schlüssel hat die Stadt nicht: ufo"),
        (MAPPING.format(source="x").replace("text", "inhalt"), "fehlen die Spalten: inhalt"),
    ],
)
def test_a_wrong_mapping_stops_before_the_first_row(shell: Shell, content: str | None, words: str) -> None:
    file = shell.write("early.csv", HEADER + GOOD.format(nr=1))
    given = () if content is None else ("--mapping", shell.write("map.yaml", content))
    done = shell.run("import", file, *given)
    assert (done.code, words in done.err) == (1, True)
    assert "Traceback" not in done.err


def test_the_mapping_may_lie_beside_the_file(shell: Shell) -> None:
    shell.write("beside.csv.yaml", MAPPING.format(source="beside"))
    assert shell.run("import", shell.write("beside.csv", HEADER + GOOD.format(nr=1))).code == 0
    assert tickets_of(shell, "beside") == 1


def test_geojson_comes_in_with_its_points(shell: Shell) -> None:
    feature = {
        "type": "Feature",
        "id": 17,
        "geometry": {"type": "Point", "coordinates": [12.1519, 48.5370]},
        "properties": {"thema": "schlagloch", "am": "2020-06-06"},
    }
    file = shell.write("alt.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))
    mapping = shell.write("gis.yaml", 'source: gis\ncolumns: {id: "@id", category: thema, reported: am}\n')
    assert shell.run("import", file, "--mapping", mapping).code == 0
    place = shell.ask("SELECT ST_AsText(position) FROM tickets t JOIN reports r ON r.ticket_id=t.id WHERE source='gis'")
    assert place == "POINT(12.1519 48.537)"


def test_departments_are_told_only_if_asked_for(shell: Shell, mapping: Path) -> None:
    before = shell.ask("SELECT count(*) FROM deliveries")
    shell.run("import", shell.write("quiet.csv", HEADER + GOOD.format(nr=1)), "--mapping", mapping)
    assert shell.ask("SELECT count(*) FROM deliveries") == before
    shell.run("import", shell.write("loud.csv", HEADER + GOOD.format(nr=2)), "--mapping", mapping, "--notify")
    assert shell.ask("SELECT count(*) FROM deliveries") > before


def test_a_killed_import_goes_on_where_it_was(shell: Shell, mapping: Path) -> None:
    source, total = "test_a_killed_import_goes_on_where_it_was", 3000
    file = shell.write("long.csv", HEADER + "".join(GOOD.format(nr=n) for n in range(total)))
    with shell.start("import", file, "--mapping", mapping, "--batch", "10") as process:
        while tickets_of(shell, source) < 50 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    before = tickets_of(shell, source)
    assert 50 <= before < total
    done = shell.run("import", file, "--mapping", mapping)
    assert f"{total - before} übernommen, {before} schon da, 0 fehlerhaft" in done.out
    assert tickets_of(shell, source) == total
    assert shell.ask("SELECT count(DISTINCT ticket_id) FROM ticket_events") == shell.ask("SELECT count(*) FROM tickets")


def test_two_imports_at_once_take_each_row_once(shell: Shell, mapping: Path) -> None:
    file = shell.write("both.csv", HEADER + "".join(GOOD.format(nr=n) for n in range(1000)))
    words = ("import", file, "--mapping", mapping, "--batch", "20", "--errors", shell.directory / "e.csv")
    with shell.start(*words) as one, shell.start(*words) as two:
        errors = [process.communicate()[1] for process in (one, two)]
    assert (one.returncode, two.returncode) == (0, 0), errors
    assert tickets_of(shell, "test_two_imports_at_once_take_each_row_once") == 1000


def test_without_a_city_nothing_is_imported(new_shell: Callable[[], Shell]) -> None:
    empty = new_shell()
    file, mapping = empty.write("a.csv", HEADER), empty.write("m.yaml", MAPPING.format(source="x"))
    done = empty.run("import", file, "--mapping", mapping)
    assert (done.code, "city load" in done.err) == (1, True)
