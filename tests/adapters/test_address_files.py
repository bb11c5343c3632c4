"""Files of addresses: OpenStreetMap and tables of a surveying office."""

import gzip
import itertools
from collections import Counter
from pathlib import Path

import osmium
import pytest

from maengelmelder.adapters.address_files import AddressFileError, BadEntry, read_addresses
from maengelmelder.domain.addresses import Address
from tests.gazetteer import CSV, OSM


def read(path: Path) -> tuple[list[Address], Counter[str]]:
    found = list(read_addresses(path))
    bad: Counter[str] = Counter(one.reason for one in found if isinstance(one, BadEntry))
    return [one for one in found if isinstance(one, Address)], bad


def short(entries: list[Address], kind: str = "address") -> set[str]:
    return {entry.short for entry in entries if entry.kind == kind}


def test_an_extract_gives_houses_streets_and_bus_stops() -> None:
    entries, bad = read(OSM)
    assert short(entries) == {
        *("Erfundene Gasse 12", "Erfundene Gasse 12a", "Erfundene Gasse 14"),
        *("Doktor-Größe-Straße 7", "Ferne Straße 1"),
    }
    assert short(entries, "way") == {"Erfundene Gasse", "Doktor-Größe-Straße"}
    assert short(entries, "poi") == {"Muster-Süd"}
    assert bad == {"no_street": 1}


def test_a_building_stands_in_its_middle() -> None:
    [building] = [entry for entry in read(OSM)[0] if entry.short == "Doktor-Größe-Straße 7"]
    assert (building.place.lon, building.place.lat) == pytest.approx((12.1602, 48.5402))
    assert building.label == "Doktor-Größe-Straße 7, 84034 Landshut"


WITH_A_COURTYARD = """
  <node id="30" version="1" lat="48.5360" lon="12.1500"/><node id="31" version="1" lat="48.5360" lon="12.1510"/>
  <node id="32" version="1" lat="48.5370" lon="12.1510"/><node id="33" version="1" lat="48.5370" lon="12.1500"/>
  <node id="34" version="1" lat="48.5363" lon="12.1503"/><node id="35" version="1" lat="48.5363" lon="12.1505"/>
  <node id="36" version="1" lat="48.5365" lon="12.1505"/>
  <way id="110" version="1"><nd ref="30"/><nd ref="31"/><nd ref="32"/></way>
  <way id="111" version="1"><nd ref="32"/><nd ref="33"/><nd ref="30"/></way>
  <way id="112" version="1"><nd ref="34"/><nd ref="35"/><nd ref="36"/><nd ref="34"/></way>
  <relation id="200" version="1">
    <member type="way" ref="110" role="outer"/><member type="way" ref="111" role="outer"/>
    <member type="way" ref="112" role="inner"/>
    <tag k="type" v="multipolygon"/><tag k="building" v="yes"/>
    <tag k="addr:street" v="Hofgasse"/><tag k="addr:housenumber" v="3"/>
  </relation>
</osm>"""


def test_a_building_around_a_courtyard_stands_in_its_middle_too(tmp_path: Path) -> None:
    file = tmp_path / "courtyard.osm"
    file.write_text(OSM.read_text(encoding="utf-8").replace("</osm>", WITH_A_COURTYARD), encoding="utf-8")
    [building] = [entry for entry in read(file)[0] if entry.short == "Hofgasse 3"]
    assert (building.place.lon, building.place.lat) == pytest.approx((12.1505, 48.5365))


def test_a_street_has_a_point_every_fifty_metres() -> None:
    course = [entry.place for entry in read(OSM)[0] if entry.kind == "way" and entry.street.startswith("Doktor")]
    gaps = [one.metres_to(other) for one, other in itertools.pairwise(course)]
    assert sum(gaps) == pytest.approx(298, abs=3)
    assert max(gaps) <= 50


@pytest.mark.parametrize("ending", [".osm.gz", ".osm.pbf"])
def test_packed_extracts_say_the_same(tmp_path: Path, ending: str) -> None:
    packed = tmp_path / f"city{ending}"
    if ending == ".osm.gz":
        packed.write_bytes(gzip.compress(OSM.read_bytes()))
    else:
        with osmium.SimpleWriter(packed) as writer:
            for thing in osmium.FileProcessor(OSM):
                writer.add(thing)
    assert short(read(packed)[0]) == short(read(OSM)[0])


@pytest.mark.parametrize(
    ("name", "content"), [("a.osm", b"<osm"), ("a.osm.gz", b"nothing"), ("a.osm.pbf", b"\x00\xff")]
)
def test_a_damaged_extract_is_refused_with_a_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AddressFileError, match="OpenStreetMap"):
        read(tmp_path / name)


def test_a_table_with_german_names_and_decimal_commas_is_read() -> None:
    entries, bad = read(CSV)
    assert short(entries) == {
        *("Erfundene Gasse 12", "Erfundene Gasse 12a", "Doktor-Größe-Str. 7"),
        "Ferne Straße 1",
    }
    assert bad == {"no_street": 1, "no_place": 1, "bad_place": 1}
    assert entries[0].place.lon == pytest.approx(12.1522)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_may_be_written_by_any_program(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["STREET", "HouseNumber", "lat", "lon"], ["Größe", "1", "48.5", "12.1"]]
    path = tmp_path / "table.csv"
    path.write_text("\r\n".join(delimiter.join(row) for row in rows), encoding=encoding)
    assert read(path)[0] == [Address("Größe", read(path)[0][0].place, "1")]


def test_a_row_without_house_number_is_a_point_of_a_street(tmp_path: Path) -> None:
    path = tmp_path / "streets.csv"
    path.write_text("street,housenumber,lon,lat\nHauptstraße,,12.1,48.5\n", encoding="utf-8")
    assert [entry.kind for entry in read(path)[0]] == ["way"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{'x' * 201},1,12.1,48.5", "too_long"),
        ("---,1,12.1,48.5", "unreadable"),
        ("a\x00b,1,12.1,48.5", "unreadable"),
        ("Weg,?,12.1,48.5", "unreadable"),
        ("Weg,1,NaN,48.5", "bad_place"),
        ("Weg,1,12.1,95", "bad_place"),
        ("Weg,1,12.1", "row_width"),
    ],
)
def test_a_bad_row_is_counted_and_the_next_one_read(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"street,housenumber,lon,lat\n{row}\nWeg,2,12.1,48.5\n", encoding="utf-8")
    entries, bad = read(path)
    assert (short(entries), bad) == ({"Weg 2"}, {reason: 1})


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "street,housenumber\nWeg,1\n"])
def test_a_table_without_the_needed_columns_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AddressFileError, match="Datei"):
        read(path)
