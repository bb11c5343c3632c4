"""`maengelmelder import-addresses`: a city's streets and house numbers, and `check` of who else is asked for some."""

from dataclasses import replace

from tests.cli.conftest import Shell
from tests.gazetteer import CSV, OSM


def kinds(shell: Shell, kind: str) -> int:
    found: int = shell.ask(f"SELECT count(*) FROM addresses WHERE kind = '{kind}'")  # noqa: S608
    return found


def test_an_extract_comes_in_and_what_was_left_out_is_told_with_its_reason(shell: Shell) -> None:
    done = shell.run("import-addresses", OSM)
    assert done.code == 0
    assert "OpenStreetMap: 4 Adressen, 2 Straßen, 1 benannte Orte" in done.out
    assert "Nicht übernommen: 1 ohne Straße, 1 außerhalb der Stadt." in done.out
    assert OSM.name in done.err
    assert shell.ask("SELECT attribution FROM address_sources") == "© OpenStreetMap"


def test_the_same_file_again_adds_nothing(shell: Shell) -> None:
    shell.run("import-addresses", OSM)
    before = shell.ask("SELECT count(*) FROM addresses")
    assert shell.run("import-addresses", OSM).code == 0
    assert shell.ask("SELECT count(*) FROM addresses") == before


def test_another_file_of_the_same_source_adds_to_it_or_replaces_it(shell: Shell) -> None:
    one = shell.write("one.csv", "street,housenumber,lon,lat\nEins,1,12.1522,48.5369\n")
    two = shell.write("two.csv", "street,housenumber,lon,lat\nZwei,2,12.1522,48.5369\n")
    streets = "SELECT count(*) FROM addresses a JOIN address_sources s ON s.id = a.source_id WHERE s.name = 'Amt'"
    shell.run("import-addresses", one, "--source", "Amt")
    shell.run("import-addresses", two, "--source", "Amt")
    assert shell.ask(f"{streets} AND a.kind = 'address'") == 2
    shell.run("import-addresses", two, "--source", "Amt", "--replace")
    assert shell.ask(f"{streets} AND a.kind = 'address'") == 1
    assert kinds(shell, "poi") == 1  # other sources stay


def test_a_table_of_the_surveying_office_owes_nobody_a_name(shell: Shell) -> None:
    done = shell.run("import-addresses", CSV)
    assert "trifling: 3 Adressen, 2 Straßen" in done.out
    assert "1 mit unbrauchbaren Koordinaten, 1 ohne Koordinaten, 1 ohne Straße, 1 außerhalb der Stadt" in done.out
    assert shell.ask("SELECT attribution FROM address_sources WHERE name = 'trifling'") == ""


def test_a_file_of_another_town_changes_nothing(shell: Shell) -> None:
    shell.run("import-addresses", OSM)
    far = shell.write("far.csv", "street,housenumber,lon,lat\nWeit,1,13.4,52.5\n")
    done = shell.run("import-addresses", far, "--source", "OpenStreetMap", "--replace")
    assert done.code == 1
    assert "Nichts davon liegt in der Stadt" in done.err
    assert "1 außerhalb der Stadt" in done.err
    assert kinds(shell, "poi") == 1


def test_a_damaged_file_changes_nothing(shell: Shell) -> None:
    shell.run("import-addresses", OSM)
    damaged = shell.write("damaged.osm", OSM.read_text(encoding="utf-8")[:1200])
    done = shell.run("import-addresses", damaged, "--replace")
    assert done.code == 1
    assert "lässt sich nicht als OpenStreetMap-Auszug lesen" in done.err
    assert kinds(shell, "poi") == 1


def test_the_check_tells_of_a_geocoder_that_does_not_answer(shell: Shell) -> None:
    nobody = {"MAENGELMELDER_GEOCODER": "photon:http://127.0.0.1:9"}
    done = replace(shell, environment=shell.environment | nobody).run("check")
    assert "The geocoder does not answer" in done.out
    assert "geocoder" not in shell.run("check").out
