"""Places and areas on the ground: WGS84 degrees in, metres out, exact enough for a city."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from maengelmelder.domain.errors import Refusal

EARTH_RADIUS_M = 6_371_008.8  # mean radius of WGS84, IUGG
METRES_PER_DEGREE = math.pi * EARTH_RADIUS_M / 180
MAX_ACCURACY_M = 100_000.0

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Place:
    """A point, WGS84 degrees, in the order of GeoJSON: longitude first."""

    lon: float
    lat: float

    def metres_to(self, other: "Place") -> float:
        """Distance in metres on a local plane; within a city off by less than 1 in 1,000."""
        x, y = _local((other.lon, other.lat), self)
        return math.hypot(x, y)


def place_of(lon: str | float, lat: str | float) -> Place:
    """A place from untrusted numbers; a comma counts as the decimal sign.

    Raises Refusal `place_not_a_number` or `place_out_of_range`, at the field `lat` or `lon`.
    """
    return Place(_degrees(lon, "lon", 180.0), _degrees(lat, "lat", 90.0))


def _degrees(value: str | float, name: str, limit: float) -> float:
    try:
        number = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        raise Refusal("place_not_a_number", name) from None
    if not math.isfinite(number) or (isinstance(value, str) and "_" in value):
        raise Refusal("place_not_a_number", name)
    if abs(number) > limit:
        raise Refusal("place_out_of_range", name)
    return number


@dataclass(frozen=True)
class Bounds:
    """A rectangle of the map in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, place: Place) -> bool:
        """Whether the place lies in it."""
        return self.west <= place.lon <= self.east and self.south <= place.lat <= self.north

    def widened(self, degrees: float) -> "Bounds":
        """So much more on every side."""
        return Bounds(self.west - degrees, self.south - degrees, self.east + degrees, self.north + degrees)


@dataclass(frozen=True)
class Geometry:
    """Polygons (an outer ring, then holes) and lines, each a sequence of (lon, lat)."""

    polygons: tuple[tuple[Ring, ...], ...] = ()
    lines: tuple[Ring, ...] = ()

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        lons, lats = zip(*self._points(), strict=True)
        return min(lons), min(lats), max(lons), max(lats)

    def is_within(self, place: Place, margin_m: float = 0.0) -> bool:
        """Whether the place lies in a polygon, or at most `margin_m` metres from any edge or line."""
        if not self._may_touch(place, margin_m):
            return False
        if any(_in_polygon(place, rings) for rings in self.polygons):
            return True
        return margin_m > 0 and self.metres_to_edge(place) <= margin_m

    def metres_to_edge(self, place: Place) -> float:
        """Metres from the place to the nearest edge or line."""
        return min(_metres_to_ring(place, ring) for ring in self._rings())

    def size_m2(self, buffer_m: float = 0.0) -> float:
        """Size in square metres; a line counts as a strip of its length and `buffer_m` to both sides."""
        plane = self._middle()
        areas = sum(_ring_m2(rings[0], plane) - sum(_ring_m2(r, plane) for r in rings[1:]) for rings in self.polygons)
        return areas + sum(_ring_m(line, plane) for line in self.lines) * 2 * buffer_m

    def _rings(self) -> Iterable[Ring]:
        yield from (ring for rings in self.polygons for ring in rings)
        yield from self.lines

    def _points(self) -> Iterable[tuple[float, float]]:
        return (point for ring in self._rings() for point in ring)

    def _middle(self) -> Place:
        west, south, east, north = self.bounds
        return Place((west + east) / 2, (south + north) / 2)

    def _may_touch(self, place: Place, margin_m: float) -> bool:
        west, south, east, north = self.bounds
        up = margin_m / METRES_PER_DEGREE
        aside = up / max(math.cos(math.radians(place.lat)), 0.01)
        return west - aside <= place.lon <= east + aside and south - up <= place.lat <= north + up


def geometry_of(geojson: Mapping[str, Any]) -> Geometry:
    """A GeoJSON geometry (RFC 7946: Polygon, MultiPolygon, LineString, MultiLineString) as values.

    Raises Refusal `geometry_type`, `geometry_ring` (fewer than four points, not closed) or one of `place_of`.
    """
    kind, coordinates = geojson.get("type"), geojson.get("coordinates")
    readers = {
        "Polygon": lambda: Geometry(polygons=(_polygon(coordinates),)),
        "MultiPolygon": lambda: Geometry(polygons=tuple(map(_polygon, coordinates or ()))),
        "LineString": lambda: Geometry(lines=(_line(coordinates),)),
        "MultiLineString": lambda: Geometry(lines=tuple(map(_line, coordinates or ()))),
    }
    if not isinstance(kind, str) or kind not in readers or not isinstance(coordinates, list) or not coordinates:
        raise Refusal("geometry_type", type=str(kind))
    try:
        return readers[kind]()
    except (TypeError, IndexError, KeyError, ValueError):
        raise Refusal("geometry_ring") from None


def _polygon(coordinates: Any) -> tuple[Ring, ...]:
    rings = tuple(_line(ring) for ring in coordinates)
    if not rings or any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
        raise Refusal("geometry_ring")
    return rings


def _line(coordinates: Any) -> Ring:
    ring = tuple(_corner(point) for point in coordinates)
    if len(ring) < 2:
        raise Refusal("geometry_ring")
    return ring


def _corner(point: Sequence[Any]) -> tuple[float, float]:
    place = place_of(point[0], point[1])
    return place.lon, place.lat


def _local(point: tuple[float, float], origin: Place) -> tuple[float, float]:
    """Metres east and north of the origin (equirectangular, which is enough below some 50 km)."""
    shrink = math.cos(math.radians(origin.lat))
    return (point[0] - origin.lon) * METRES_PER_DEGREE * shrink, (point[1] - origin.lat) * METRES_PER_DEGREE


def _in_polygon(place: Place, rings: tuple[Ring, ...]) -> bool:
    return _in_ring(place, rings[0]) and not any(_in_ring(place, hole) for hole in rings[1:])


def _in_ring(place: Place, ring: Ring) -> bool:
    """Even-odd rule; half-open edges, so that a point on a shared border belongs to one side only."""
    inside = False
    for start, end in itertools.pairwise(ring):
        if (start[1] > place.lat) != (end[1] > place.lat) and place.lon < _crossing(start, end, place.lat):
            inside = not inside
    return inside


def _crossing(start: tuple[float, float], end: tuple[float, float], lat: float) -> float:
    """Longitude at which an edge crosses a latitude; from south to north always, so both neighbours round alike."""
    (x1, y1), (x2, y2) = (start, end) if start[1] < end[1] else (end, start)
    return (x2 - x1) * (lat - y1) / (y2 - y1) + x1


def _metres_to_ring(place: Place, ring: Ring) -> float:
    points = [_local(point, place) for point in ring]
    return min(_metres_to_segment(a, b) for a, b in itertools.pairwise(points))


def _metres_to_segment(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of the origin from the segment a–b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else min(1.0, max(0.0, -(a[0] * dx + a[1] * dy) / length))
    return math.hypot(a[0] + along * dx, a[1] + along * dy)


def _ring_m2(ring: Ring, plane: Place) -> float:
    points = [_local(point, plane) for point in ring]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(points))) / 2


def _ring_m(ring: Ring, plane: Place) -> float:
    points = [_local(point, plane) for point in ring]
    return sum(math.dist(a, b) for a, b in itertools.pairwise(points))
