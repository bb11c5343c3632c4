"""Addresses from a table: columns by any of their usual names, any delimiter, decimal commas."""

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from maengelmelder.adapters.address_files_entries import AddressFileError, BadEntry, entry
from maengelmelder.adapters.report_files import Layout, ReportFileError, Row, read_rows
from maengelmelder.domain.addresses import Address, name_key
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import place_of

# The first that a file has counts; compared as keys, so that `Straße`, `STRASSE` and `str` are one.
NAMES: Mapping[str, Sequence[str]] = {
    "street": ("street", "straße", "strassenname", "str_name", "addr:street", "name"),
    "housenumber": (
        "housenumber",
        "house_number",
        "hausnummer",
        "hausnr",
        "hnr",
        "nummer",
        "number",
        "addr:housenumber",
    ),
    "suffix": ("zusatz", "hausnummernzusatz", "hnrzusatz", "hnr_zusatz", "adz", "suffix"),
    "postcode": ("postcode", "plz", "postleitzahl", "zip", "addr:postcode"),
    "locality": ("city", "ort", "gemeinde", "ortsteil", "district", "stadt", "stadtteil", "addr:city"),
    "lon": ("lon", "lng", "long", "longitude", "x", "laenge", "geogr_laenge", "laengengrad"),
    "lat": ("lat", "latitude", "y", "breite", "geogr_breite", "breitengrad"),
}
NEEDED = ("street", "lon", "lat")


def read_csv(path: Path) -> Iterator[Address | BadEntry]:
    """Every row; raises AddressFileError when it is no such table."""
    columns: dict[str, str] = {}
    try:
        for row in _rows(path):
            columns = columns or (_columns(list(row.values)) if row.values else {})
            yield BadEntry("row_width") if row.faults else _entry(row, columns)
    except ReportFileError as error:
        raise AddressFileError(str(error)) from None
    if not columns:
        raise AddressFileError("In der Datei steht keine Zeile, die zu ihrer Kopfzeile passt.")


def _rows(path: Path) -> Iterator[Row]:
    """In UTF-8, or else in what older office programs write."""
    yield from read_rows(path, Layout("csv", "utf-8" if _is_utf8(path) else "cp1252"))


def _is_utf8(path: Path) -> bool:
    try:
        with path.open("rb") as raw, gzip.open(raw) if path.name.lower().endswith(".gz") else raw as file:
            for line in file:
                line.decode()
    except UnicodeDecodeError:
        return False
    except (OSError, EOFError, zlib.error):
        return True  # reading it says what is wrong
    return True


def _columns(header: Sequence[str]) -> dict[str, str]:
    by_key = {name_key(name): name for name in reversed(header)}
    found = {
        meaning: by_key[name_key(name)]
        for meaning, names in NAMES.items()
        for name in reversed(names)
        if name_key(name) in by_key
    }
    if missing := [name for name in NEEDED if name not in found]:
        there = ", ".join(header[:40])
        raise AddressFileError(f"In der Datei fehlen die Spalten: {', '.join(missing)}. Es gibt: {there}.")
    return found


def _entry(row: Row, columns: Mapping[str, str]) -> Address | BadEntry:
    values = {meaning: row.values.get(name, "").strip() for meaning, name in columns.items()}
    if not values["street"]:
        return BadEntry("no_street")
    if not values["lon"] or not values["lat"]:
        return BadEntry("no_place")
    try:
        place = place_of(values["lon"], values["lat"])
    except Refusal:
        return BadEntry("bad_place")
    number = f"{values.get('housenumber', '')}{values.get('suffix', '')}"
    return entry(
        "address" if number else "way",
        values["street"],
        place,
        housenumber=number,
        postcode=values.get("postcode", ""),
        locality=values.get("locality", ""),
    )
