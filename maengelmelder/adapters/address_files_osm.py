"""Addresses, streets and names of places from an extract of OpenStreetMap (wiki.openstreetmap.org/wiki/Key:addr)."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import osmium
from osmium.osm import AREA, NODE, WAY, Area, Node, TagList, Way

from maengelmelder.adapters.address_files_entries import AddressFileError, BadEntry, entry
from maengelmelder.domain.addresses import Address, Kind
from maengelmelder.domain.places import Place

STEP_M = 50.0  # metres between the points that stand for a street's course
# Streets as people call them; a named path through a park counts, a motorway's number does not.
STREETS = frozenset(
    {
        *("trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "road"),
        *("pedestrian", "service", "track", "footway", "cycleway", "path", "steps"),
    }
)
PLACES: Mapping[str, frozenset[str]] = {
    "highway": frozenset({"bus_stop"}),
    "railway": frozenset({"station", "halt", "tram_stop"}),
    "man_made": frozenset({"bridge"}),
    "place": frozenset({"square"}),
    "leisure": frozenset({"playground", "park", "sports_centre", "pitch", "swimming_pool"}),
    "amenity": frozenset({"school", "kindergarten", "townhall", "library", "hospital", "marketplace", "grave_yard"}),
    "landuse": frozenset({"cemetery"}),
}
DISTRICTS = frozenset({"suburb", "quarter", "neighbourhood", "village", "hamlet", "isolated_dwelling", "locality"})

_SEVERAL = re.compile(r"[;,]")


def read_osm(path: Path) -> Iterator[Address | BadEntry]:
    """Every entry; raises AddressFileError when the file is damaged or something else."""
    try:
        found = osmium.FileProcessor(path, NODE | WAY | AREA).with_areas(
            osmium.filter.KeyFilter("addr:housenumber", "name")
        )
        found.with_filter(osmium.filter.KeyFilter("addr:housenumber", "name", "bridge:name"))
        for thing in found:
            if isinstance(thing, Node | Way) or (isinstance(thing, Area) and not thing.from_way()):
                yield from _entries(thing.tags, _points(thing))
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise AddressFileError(f"Die Datei lässt sich nicht als OpenStreetMap-Auszug lesen ({error}).") from None


def _points(thing: Node | Way | Area) -> list[Place]:
    """Where it is, by its outer ring if it is made of several ways; nodes that the extract has cut off are left out."""
    if isinstance(thing, Area):
        return next(([Place(node.lon, node.lat) for node in ring] for ring in thing.outer_rings()), [])
    if isinstance(thing, Node):
        return [Place(thing.lon, thing.lat)] if thing.location.valid() else []
    return [Place(node.lon, node.lat) for node in thing.nodes if node.location.valid()]


def _entries(tags: TagList, points: Sequence[Place]) -> Iterator[Address | BadEntry]:
    if "addr:housenumber" in tags:
        yield from _addresses(tags, points)
    if "name" in tags and tags.get("highway") in STREETS and len(points) > 1:
        for place in _along(points):
            yield entry("way", tags["name"], place)
    kind = _kind_of_place(tags)
    if kind is not None and points:
        yield entry(kind, tags.get("bridge:name") or tags["name"], _centre(points))


def _addresses(tags: TagList, points: Sequence[Place]) -> Iterator[Address | BadEntry]:
    street = tags.get("addr:street") or tags.get("addr:place")
    if not street or not points:
        yield BadEntry("no_place" if street else "no_street")
        return
    for number in filter(None, map(str.strip, _SEVERAL.split(tags["addr:housenumber"]))):
        yield entry(
            "address",
            street,
            _centre(points),
            housenumber=number,
            postcode=tags.get("addr:postcode") or "",
            locality=tags.get("addr:city") or "",
        )


def _kind_of_place(tags: TagList) -> Kind | None:
    if "bridge:name" in tags:
        return "poi"
    if "name" not in tags:
        return None
    if tags.get("place") in DISTRICTS:
        return "district"
    return "poi" if any(tags.get(key) in values for key, values in PLACES.items()) else None


def _centre(points: Sequence[Place]) -> Place:
    """The middle of the corners; a closed way names its first corner twice."""
    corners: Iterable[Place] = points[:-1] if len(points) > 1 and points[0] == points[-1] else points
    lons, lats = zip(*((corner.lon, corner.lat) for corner in corners), strict=True)
    return Place(sum(lons) / len(lons), sum(lats) / len(lats))


def _along(points: Sequence[Place]) -> Iterator[Place]:
    """Points along a street, at most STEP_M apart, so that its name is found near every part of it."""
    yield points[0]
    for start, end in itertools.pairwise(points):
        steps = max(1, round(start.metres_to(end) / STEP_M + 0.5))
        for step in range(1, steps + 1):
            share = step / steps
            yield Place(start.lon + (end.lon - start.lon) * share, start.lat + (end.lat - start.lat) * share)
