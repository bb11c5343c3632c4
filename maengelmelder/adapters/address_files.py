"""Files of streets and house numbers, OpenStreetMap or CSV: entry by entry, as they are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from maengelmelder.adapters.address_files_csv import read_csv
from maengelmelder.adapters.address_files_entries import AddressFileError, BadEntry
from maengelmelder.adapters.address_files_osm import read_osm
from maengelmelder.domain.addresses import Address

__all__ = ["OPENSTREETMAP", "AddressFileError", "BadEntry", "Format", "format_of", "read_addresses"]

OPENSTREETMAP = "OpenStreetMap"
OSM_ENDINGS = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf")


@dataclass(frozen=True)
class Format:
    """What kind of file it is, and where its entries come from if nobody says."""

    is_osm: bool
    source: str


def format_of(path: Path) -> Format:
    """By its name: `.osm`, `.osm.gz` and `.osm.pbf` are OpenStreetMap, all else is CSV."""
    is_osm = path.name.lower().endswith(OSM_ENDINGS)
    return Format(is_osm, OPENSTREETMAP if is_osm else path.name.partition(".")[0])


def read_addresses(path: Path) -> Iterator[Address | BadEntry]:
    """Every entry of the file, and a BadEntry for what is none; raises AddressFileError, perhaps after some entries."""
    yield from read_osm(path) if format_of(path).is_osm else read_csv(path)
