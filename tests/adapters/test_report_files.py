"""Files of an older system are read row by row, by a mapping that city staff can write."""

import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.adapters.report_files import Layout, ReportFileError, Row, read_rows
from maengelmelder.adapters.report_files_mapping import MappingError, ReportMapping, read_mapping
from maengelmelder.adapters.report_files_reading import RowReader, moment_of
from maengelmelder.domain.catalogue import Area, Catalogue
from maengelmelder.domain.city import Text
from maengelmelder.domain.errors import Refusals
from maengelmelder.domain.old_reports import OldReport
from maengelmelder.domain.places import Place
from maengelmelder.domain.tickets import Status
from maengelmelder.settings import ROOT

BERLIN = ZoneInfo("Europe/Berlin")
SMALLEST = "source: alt\ncolumns: {address: ort, reported: wann, category: art}\ncategory: {default: sonstiges}\n"


@pytest.fixture(scope="module")
def landshut() -> Catalogue:
    return read_city(ROOT / "cities" / "landshut")


def mapping_of(directory: Path, text: str, reports: str = "alt.csv") -> ReportMapping:
    path = directory / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path, directory / reports)


def rows_of(directory: Path, content: bytes, layout: Layout, name: str = "alt.csv") -> list[Row]:
    path = directory / name
    path.write_bytes(content)
    return list(read_rows(path, layout))


def read_one(directory: Path, catalogue: Catalogue, mapping: str, /, *areas: Area, **values: str) -> OldReport:
    reader = RowReader(mapping_of(directory, mapping), catalogue, areas)
    return reader.read(Row(2, {"ort": "Altstadt 1", "wann": "2020-06-06 23:48:00", "art": "", **values}, 1.0))


def codes_of(error: pytest.ExceptionInfo[Refusals]) -> list[str]:
    return [refusal.code for refusal in error.value.refusals]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_first_line(tmp_path: Path, sign: str) -> None:
    content = sign.join(["id", "text", "ort"]) + "\n" + sign.join(["1", "Loch", "Am Graben"]) + "\n"
    (row,) = rows_of(tmp_path, content.encode(), Layout(columns=("id", "ort")))
    assert row.values == {"id": "1", "text": "Loch", "ort": "Am Graben"}


@pytest.mark.parametrize(("encoding", "written"), [("utf-8", "utf-8-sig"), ("utf-8", "utf-8"), ("cp1252", "cp1252")])
def test_umlauts_survive_in_every_encoding_that_is_stated(tmp_path: Path, encoding: str, written: str) -> None:
    (row,) = rows_of(tmp_path, "Straße\nÄpfelweg „7“\n".encode(written), Layout(encoding=encoding, columns=["Straße"]))
    assert row.values["Straße"] == "Äpfelweg „7“"


def test_a_wrong_encoding_ends_with_a_sentence_that_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ReportFileError, match="latin-1"):
        rows_of(tmp_path, "ort\nÄpfelweg\n".encode("latin-1"), Layout())


def test_lines_are_counted_where_a_row_begins_even_after_a_text_of_several_lines(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b'id,text\n1,"eins\nzwei\ndrei"\n\n2,vier\n', Layout())
    assert [(row.line, row.values["id"]) for row in rows] == [(2, "1"), (5, "2")] or [row.line for row in rows] == [
        2,
        6,
    ]
    assert rows[0].values["text"] == "eins\nzwei\ndrei"


def test_a_gzipped_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, gzip.compress(b"id\n7\n"), Layout())
    assert row.values == {"id": "7"}
    with pytest.raises(ReportFileError, match="unvollständig"):
        rows_of(tmp_path, gzip.compress(b"id\n" + b"7\n" * 9000)[:-20], Layout())


def test_a_row_with_too_few_cells_is_one_bad_row_and_not_the_end(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, b"id,ort\n1\n2,Neustadt\n", Layout())
    assert [row.faults[0].code if row.faults else "" for row in rows] == ["row_width", ""]


def test_a_missing_column_is_named_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ReportFileError, match=r"adresse\. Es gibt: id, ort"):
        rows_of(tmp_path, b"id,ort\n1,x\n", Layout(columns=("adresse",)))


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_memory(tmp_path: Path) -> None:
    with pytest.raises(ReportFileError, match="nicht lesbar"):
        rows_of(tmp_path, b'id,text\n1,"' + b"x\n" * 600_000, Layout())


def test_geojson_gives_properties_own_id_point_and_line(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "id": 5,
            "geometry": {"type": "Point", "coordinates": [12.15, 48.54]},
            "properties": {"text": "Loch", "n": None},
        },
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, "properties": {}},
        "Unsinn",
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}, indent=1).encode()
    rows = rows_of(tmp_path, content, Layout("geojson"), "alt.geojson")
    assert rows[0].values == {"text": "Loch", "n": "", "@id": "5", "@lon": "12.15", "@lat": "48.54"}
    assert rows[1].values["@lon"] == ""
    assert [fault.code for fault in rows[2].faults] == ["row_no_feature"]
    lines = content.decode().split("\n")
    assert [lines[row.line - 1].strip() for row in rows] == ["{", "{", '"Unsinn"']


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"features": 3}', b'{"features": [], "crs": "EPSG:25832"}'])
def test_what_is_no_geojson_in_degrees_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ReportFileError):
        rows_of(tmp_path, content, Layout("geojson"), "alt.geojson")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-06-06 23:48:00", "2020-06-06T21:48:00+00:00"),
        ("06.01.2020 07:05", "2020-01-06T06:05:00+00:00"),
        ("2020-06-06T21:48:00Z", "2020-06-06T21:48:00+00:00"),
        ("2021-03-28 02:30:00", "2021-03-28T01:30:00+00:00"),  # never was: the clocks went from 2 to 3
        ("2021-10-31 02:30:00", "2021-10-31T00:30:00+00:00"),  # came twice: the first, still summer time
    ],
)
def test_a_time_without_zone_is_the_citys_own_also_when_clocks_change(text: str, expected: str) -> None:
    assert moment_of(text, ["%d.%m.%Y %H:%M"], BERLIN).isoformat() == expected


@given(st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - local times are the point here
def test_every_local_time_becomes_one_moment(local: datetime) -> None:
    moment = moment_of(local.isoformat(), [], BERLIN)
    assert moment.tzinfo is UTC
    assert abs((moment.astimezone(BERLIN).replace(tzinfo=None) - local).total_seconds()) in {0, 3600}


def test_a_row_becomes_a_report_with_its_own_times_and_status(tmp_path: Path, landshut: Catalogue) -> None:
    mapping = """
        source: alt
        decimal: ","
        columns: {id: [jahr, nr], description: text, lon: x, lat: y, category: art, reported: [tag, uhr], status: st,
                  closed: zu}
        time: {format: "%d.%m.%Y %H:%M"}
        category: {values: {Krater: schlagloch}}
        status: {values: {ab: {status: declined, reason: no_duty}}, default: resolved}
    """
    values = {"jahr": "2020", "nr": "17", "text": " Loch ", "x": "12,15", "y": "48,54", "art": "Krater", "st": "ab"}
    old = read_one(tmp_path, landshut, mapping, tag="06.06.2020", uhr="23:48", zu="2020-06-08T10:00:00Z", **values)
    assert (old.source_id, old.draft.category, old.draft.description) == ("2020|17", "schlagloch", "Loch")
    assert old.draft.place == Place(12.15, 48.54)
    assert (old.status, old.reason) == (Status.DECLINED, "no_duty")
    assert old.reported_at == datetime(2020, 6, 6, 21, 48, tzinfo=UTC)
    assert old.moved_at == datetime(2020, 6, 8, 10, 0, tzinfo=UTC)


def test_everything_wrong_with_a_row_is_told_at_once(tmp_path: Path, landshut: Catalogue) -> None:
    mapping = "source: alt\ncolumns: {lon: x, lat: y, reported: wann, category: art, status: st, area: teil}\n"
    with pytest.raises(Refusals) as error:
        read_one(tmp_path, landshut, mapping, x="12.1", y="", wann="gestern", art="Ufo", st="?", teil="Mond")
    assert codes_of(error) == [
        "place_not_a_number",
        "time_unreadable",
        "status_unmapped",
        "category_unmapped",
        "area_unmapped",
    ]


def test_old_words_are_found_by_key_or_by_name_however_they_are_written(tmp_path: Path, landshut: Catalogue) -> None:
    name = landshut.categories["schlagloch"].name.de
    west = Area("west", Text("Petershausen_West"), "district")
    columns = "source: alt\ncolumns: {address: ort, reported: wann, category: art, area: teil}\n"
    for word in (name, name.upper(), "schlagloch"):
        old = read_one(tmp_path, landshut, columns, west, art=word, teil="Petershausen-West")
        assert (old.draft.category, old.areas) == ("schlagloch", (west,))
    assert read_one(tmp_path, landshut, columns, west, art=name, teil="").areas == ()


def test_an_empty_area_means_something_only_if_the_mapping_says_so(tmp_path: Path, landshut: Catalogue) -> None:
    rest = Area("rest", Text("Rest"), "district")
    mapping = SMALLEST.replace("art}", "art, area: teil}") + 'area: {values: {"": rest}}\n'
    assert read_one(tmp_path, landshut, mapping, rest, teil="").areas == (rest,)


def test_rows_without_an_id_are_known_by_their_content_and_alike_ones_are_numbered(
    tmp_path: Path, landshut: Catalogue
) -> None:
    def ids() -> list[str]:
        reader = RowReader(mapping_of(tmp_path, SMALLEST), landshut, ())
        rows = [Row(n, {"ort": ort, "wann": "2020-01-01", "art": ""}, 1.0) for n, ort in enumerate(["A", "A", "B"])]
        return [reader.read(row).source_id for row in rows]

    assert len(set(ids())) == 3
    assert ids() == ids()


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("columns: {address: ort, reported: wann}", '"source" fehlt'),
        ("source: a b\ncolumns: {address: ort, reported: wann}", "darf nur"),
        ("source: alt", '"columns" fehlt'),
        ("source: alt\ncolumns: {lon: x, reported: wann}", "gehören zusammen"),
        ("source: alt\ncolumns: {address: ort}", "reported"),
        ("source: alt\ncolumns: {reported: wann}", "wo etwas ist"),
        (SMALLEST + "colums: {}", 'Den Eintrag "colums" gibt es hier nicht. Meinten Sie "columns"?'),
        (SMALLEST + "encoding: ebcdic", "encoding"),
        (SMALLEST + "delimiter: x", "delimiter"),
        (SMALLEST + "status: {default: declined}", "reason"),
        (SMALLEST + "status: {default: forwarded}", "receiver"),
        (SMALLEST + "status: {default: fertig}", "muss received"),
        (SMALLEST + "time: {zone: Europe/Bärlin}", "Europe/Berlin"),
        (SMALLEST + "release: photos", "release"),
        (SMALLEST + "category: {default: x}", "zum zweiten Mal"),
        ("a: &x 1", "Anker"),
    ],
)
def test_a_faulty_mapping_is_explained_with_file_and_line(tmp_path: Path, broken: str, words: str) -> None:
    with pytest.raises(MappingError) as error:
        mapping_of(tmp_path, broken)
    assert words in str(error.value)
    assert str(error.value).startswith("map.yaml:")


def test_keys_that_the_city_does_not_have_are_named(tmp_path: Path, landshut: Catalogue) -> None:
    text = SMALLEST.replace("sonstiges", "sonstwas") + "status: {default: {status: forwarded, receiver: bauhof}}\n"
    assert RowReader(mapping_of(tmp_path, text), landshut, ()).unknown_keys() == ["sonstwas", "bauhof"]


def test_the_example_of_the_manual_works_as_it_says(tmp_path: Path, landshut: Catalogue) -> None:
    manual = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    example = manual.split("A file `alt.csv`")[1].split("```")
    (tmp_path / "alt.csv").write_text(example[1].lstrip("\n"), encoding="utf-8")
    mapping = mapping_of(tmp_path, example[3].removeprefix("yaml\n"))
    inner = Area("innenstadt", Text("Innenstadt"), "responsibility")
    reader = RowReader(mapping, landshut, (inner,))
    assert reader.unknown_keys() == []
    (old,) = (reader.read(row) for row in read_rows(tmp_path / "alt.csv", mapping.layout))
    assert (old.source_id, old.draft.category, old.draft.address) == ("17", "laterne", "Obere Laube 66")
    assert (old.status, old.areas) == (Status.RESOLVED, (inner,))
    assert old.reported_at == datetime(2020, 6, 6, 21, 48, tzinfo=UTC)


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1), min_size=2, max_size=2)
    )
)
def test_whatever_a_spreadsheet_wrote_comes_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "alt.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "text"], *cells])
    assert [[row.values["id"], row.values["text"]] for row in read_rows(path, Layout())] == cells
