"""Files of reports from an older system, CSV or GeoJSON, perhaps gzipped: row by row, as text."""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from maengelmelder.domain.errors import Refusal

GZIP_MAGIC = b"\x1f\x8b"
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS: Mapping[str, str] = {
    "utf-8": "utf-8-sig",
    "latin-1": "latin-1",
    "cp1252": "cp1252",
    "utf-16": "utf-16",
}
MAX_FIELD = 1_000_000  # characters; a quotation mark that is never closed would swallow the rest of the file
FORMATS = ("csv", "geojson")
OWN_ID, OWN_LON, OWN_LAT = "@id", "@lon", "@lat"  # what GeoJSON keeps outside of `properties`

_FEATURES = re.compile(r'"features"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")


class ReportFileError(Exception):
    """The file cannot be read, or no further; the message says in German what to do."""


@dataclass(frozen=True)
class Row:
    """One report as text, by column. line: where it begins. done: share of the file that is read, 0 to 1."""

    line: int
    values: Mapping[str, str]
    done: float
    faults: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Layout:
    """How to read a file. delimiter: empty to find it out. columns: those that must exist."""

    format: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ""
    columns: Sequence[str] = ()


def format_of(path: Path) -> str:
    """The format that a file's name tells: `…json` and `…json.gz` are GeoJSON, all else is CSV."""
    name = path.name.lower().removesuffix(".gz")
    return "geojson" if name.endswith("json") else "csv"


def read_rows(path: Path, layout: Layout) -> Iterator[Row]:
    """Every report of the file. Raises ReportFileError, for a CSV file perhaps after some rows."""
    try:
        with path.open("rb") as raw, _unpacked(raw) as binary:
            text = io.TextIOWrapper(binary, ENCODINGS[layout.encoding], newline="")
            if layout.format == "geojson":
                yield from _read_geojson(text)
            else:
                yield from _read_csv(text, layout, raw, max(path.stat().st_size, 1))
    except UnicodeError:
        hint = "Steht dort vielleicht latin-1 oder cp1252? Dann nennen Sie es in der Zuordnung (encoding)."
        raise ReportFileError(f"Die Datei ist nicht in {layout.encoding} gespeichert. {hint}") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise ReportFileError("Die gepackte Datei ist beschädigt oder unvollständig.") from None
    except OSError as error:
        raise ReportFileError(f"Die Datei lässt sich nicht lesen ({error.strerror}).") from None


@contextmanager
def _unpacked(raw: IO[bytes]) -> Iterator[IO[bytes]]:
    magic = raw.read(len(GZIP_MAGIC))
    raw.seek(0)
    if magic != GZIP_MAGIC:
        yield raw
        return
    with gzip.open(raw) as unpacked:
        yield unpacked  # type: ignore[misc]


def _read_csv(text: io.TextIOWrapper, layout: Layout, raw: IO[bytes], size: int) -> Iterator[Row]:
    first = text.readline()
    delimiter = layout.delimiter or find_delimiter(first)
    csv.field_size_limit(MAX_FIELD)
    lines = csv.reader(_then(first, text), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(lines, [])]
        _check_columns(header, layout.columns)
        before = lines.line_num
        for cells in lines:
            if cells:
                yield _row(before + 1, header, cells, min(raw.tell() / size, 1.0))
            before = lines.line_num
    except csv.Error as error:
        raise ReportFileError(f"Ab Zeile {lines.line_num} ist die Datei nicht lesbar ({error}).") from None


def _then(first: str, text: io.TextIOWrapper) -> Iterator[str]:
    yield first
    yield from text


def _row(line: int, header: list[str], cells: list[str], done: float) -> Row:
    if len(cells) != len(header):
        fault = Refusal("row_width", None, count=len(cells), expected=len(header))
        return Row(line, {}, done, (fault,))
    return Row(line, dict(zip(header, cells, strict=True)), done)


def find_delimiter(header: str) -> str:
    """The sign that parts the most columns in the first line."""
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([header], delimiter=sign), [])))


def _check_columns(header: list[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in header]
    if missing:
        there = ", ".join(header[:40])
        raise ReportFileError(f"In der Datei fehlen die Spalten: {', '.join(missing)}. Es gibt: {there}.")
    twice = [name for name in needed if header.count(name) > 1]
    if twice:
        raise ReportFileError(f"Diese Spalten gibt es in der Datei mehrfach: {', '.join(twice)}.")


def _read_geojson(text: io.TextIOWrapper) -> Iterator[Row]:
    content = text.read()
    features = _features(content)
    lines = _feature_lines(content)
    for number, feature in enumerate(features, start=1):
        values = _values(feature)
        faults = () if values else (Refusal("row_no_feature"),)
        yield Row(next(lines, 1), values, number / len(features), faults)


def _features(content: str) -> list[Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ReportFileError(f"Das ist kein gültiges JSON ({error}).") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise ReportFileError("Das ist keine GeoJSON-Datei mit einer FeatureCollection.")
    if "crs" in document and "CRS84" not in str(document["crs"]) and "4326" not in str(document["crs"]):
        raise ReportFileError("Die Koordinaten müssen in WGS 84 stehen (EPSG:4326, zuerst die Länge).")
    return features


def _feature_lines(content: str) -> Iterator[int]:
    start = _FEATURES.search(content)
    if start is None:
        return
    decoder, position, line, counted = json.JSONDecoder(), start.end(), 1, 0
    while (gap := _GAP.match(content, position)) and content[gap.end()] != "]":
        line += content.count("\n", counted, gap.end())
        counted = gap.end()
        yield line
        _, position = decoder.raw_decode(content, gap.end())


def _values(feature: Any) -> dict[str, str]:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        return {}
    values = {str(name): _text(value) for name, value in (feature.get("properties") or {}).items()}
    lon, lat = _point(feature.get("geometry"))
    return {**values, OWN_ID: _text(feature.get("id")), OWN_LON: lon, OWN_LAT: lat}


def _point(geometry: Any) -> tuple[str, str]:
    """Longitude and latitude of a point; empty for anything else, which is then a report without a place."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return "", ""
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        return "", ""
    return _text(coordinates[0]), _text(coordinates[1])


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
