"""Where a place lies, and how far from a border: what every boundary check and every route stands on."""

import math

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import METRES_PER_DEGREE, Geometry, Place, geometry_of, place_of

LANDSHUT = Place(12.1519, 48.5370)
lons = st.floats(-180, 180)
lats = st.floats(-90, 90)
sizes = st.floats(0.001, 0.05)
near_lons = st.floats(11.9, 12.4)
near_lats = st.floats(48.4, 48.7)


def box(west: float, south: float, east: float, north: float) -> Geometry:
    return Geometry(polygons=((((west, south), (east, south), (east, north), (west, north), (west, south)),),))


@given(lons, lats)
def test_a_typed_place_is_the_same_place_with_point_and_with_comma(lon: float, lat: float) -> None:
    with_point, with_comma = (repr(lon), repr(lat)), (repr(lon).replace(".", ","), repr(lat).replace(".", ","))
    assert place_of(*with_point) == place_of(*with_comma) == place_of(lon, lat) == Place(lon, lat)


@pytest.mark.parametrize("bad", ["", " ", "NaN", "nan", "inf", "-Infinity", "1e400", "12.1.5", "12,1,5", "12°", "x"])
def test_what_is_no_number_is_refused_at_its_field(bad: str) -> None:
    for pair, field in (((bad, "48.5"), "lon"), (("12.1", bad), "lat")):
        with pytest.raises(Refusal) as refusal:
            place_of(*pair)
        assert (refusal.value.code, refusal.value.field) == ("place_not_a_number", field)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 10**400])
def test_numbers_that_are_no_places_are_refused(bad: float) -> None:
    with pytest.raises(Refusal, match="place_not_a_number"):
        place_of(bad, 48.5)


@pytest.mark.parametrize(
    ("lon", "lat", "field"), [("180.1", "48", "lon"), ("12", "-90.5", "lat"), ("4489", "48", "lon")]
)
def test_degrees_outside_the_globe_are_refused_at_their_field(lon: str, lat: str, field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        place_of(lon, lat)
    assert (refusal.value.code, refusal.value.field) == ("place_out_of_range", field)


@given(near_lons, near_lats, sizes, sizes, st.floats(0, 1), st.floats(0, 1))
def test_a_box_holds_what_is_between_its_sides(
    west: float, south: float, wide: float, high: float, x: float, y: float
) -> None:
    geometry = box(west, south, west + wide, south + high)
    assume(0.001 < x < 0.999 and 0.001 < y < 0.999)
    assert geometry.is_within(Place(west + x * wide, south + y * high))
    assert not geometry.is_within(Place(west - x, south + y * high))
    assert not geometry.is_within(Place(west + x * wide, south + high + y))


@given(near_lons, near_lats, sizes, st.floats(0, 1))
def test_a_place_on_a_straight_shared_border_belongs_to_exactly_one_side(
    lon: float, lat: float, size: float, along: float
) -> None:
    here = Place(lon, lat + along * size)
    assume(here.lat < lat + size)
    west, east = box(lon - size, lat, lon, lat + size), box(lon, lat, lon + size, lat + size)
    assert [west.is_within(here), east.is_within(here)].count(True) == 1
    there = Place(lon + along * size, lat)
    assume(there.lon < lon + size)
    south, north = box(lon, lat - size, lon + size, lat), box(lon, lat, lon + size, lat + size)
    assert [south.is_within(there), north.is_within(there)].count(True) == 1


@given(near_lons, near_lats)
def test_a_corner_of_four_areas_belongs_to_exactly_one(lon: float, lat: float) -> None:
    quarters = [
        box(*bounds)
        for bounds in (
            (lon - 0.01, lat - 0.01, lon, lat),
            (lon, lat - 0.01, lon + 0.01, lat),
            (lon - 0.01, lat, lon, lat + 0.01),
            (lon, lat, lon + 0.01, lat + 0.01),
        )
    ]
    assert [quarter.is_within(Place(lon, lat)) for quarter in quarters].count(True) == 1


@example(12.22, 48.52, 0.006, 0.048, 0.49)
@given(near_lons, near_lats, st.floats(-0.02, 0.02), sizes, st.floats(0, 1))
def test_a_place_on_a_slanted_shared_border_belongs_to_exactly_one_side(
    lon: float, lat: float, slant: float, size: float, along: float
) -> None:
    low, high = (lon, lat), (lon + slant, lat + size)
    here_lat = lat + along * size
    assume(low[1] < here_lat < high[1])
    here = Place((high[0] - low[0]) * (here_lat - low[1]) / (high[1] - low[1]) + low[0], here_lat)
    west = Geometry(polygons=((((lon - 1, lat), low, high, (lon - 1, lat + size), (lon - 1, lat)),),))
    east = Geometry(polygons=(((low, (lon + 1, lat), (lon + 1, lat + size), high, low),),))
    assert [west.is_within(here), east.is_within(here)].count(True) == 1


@given(near_lons, near_lats, sizes)
def test_a_hole_is_outside_and_its_island_inside(lon: float, lat: float, size: float) -> None:
    def ring(shrink: float) -> tuple[tuple[float, float], ...]:
        return box(lon + shrink, lat + shrink, lon + 4 * size - shrink, lat + 4 * size - shrink).polygons[0][0]

    geometry = Geometry(polygons=((ring(0), ring(size)), (ring(1.5 * size),)))
    assert geometry.is_within(Place(lon + size / 2, lat + size / 2))
    assert not geometry.is_within(Place(lon + 1.25 * size, lat + 1.25 * size))
    assert geometry.is_within(Place(lon + 2 * size, lat + 2 * size))


@given(near_lons, near_lats, sizes, st.floats(1, 1000))
def test_the_distance_to_an_edge_is_in_metres(lon: float, lat: float, size: float, metres: float) -> None:
    outside = Place(lon + size / 2, lat + size + metres / METRES_PER_DEGREE)
    geometry = box(lon, lat, lon + size, lat + size)
    assert geometry.metres_to_edge(outside) == pytest.approx(metres, rel=1e-3, abs=1e-3)
    assert geometry.is_within(outside, metres * 1.01 + 0.01)
    assert not geometry.is_within(outside, metres * 0.99 - 0.01)


@given(near_lons, near_lats, st.floats(0, 2000))
def test_to_the_east_a_margin_reaches_as_far_as_to_the_north(lon: float, lat: float, metres: float) -> None:
    geometry = box(lon - 0.01, lat - 0.01, lon, lat + 0.01)
    aside = metres / METRES_PER_DEGREE / math.cos(math.radians(lat))
    assert geometry.is_within(Place(lon + aside * 0.99, lat), metres + 0.01)
    assert not geometry.is_within(Place(lon + aside * 1.01 + 1e-6, lat), metres)


@given(near_lons, near_lats, near_lons, near_lats)
def test_the_distance_between_two_places_is_that_of_the_sphere(x1: float, y1: float, x2: float, y2: float) -> None:
    a, b = (math.radians(y1), math.radians(x1)), (math.radians(y2), math.radians(x2))
    half = math.sin((a[0] - b[0]) / 2) ** 2 + math.cos(a[0]) * math.cos(b[0]) * math.sin((a[1] - b[1]) / 2) ** 2
    sphere = 2 * 6_371_008.8 * math.asin(math.sqrt(half))
    assert Place(x1, y1).metres_to(Place(x2, y2)) == pytest.approx(sphere, rel=3e-3, abs=0.01)


@given(near_lons, near_lats, sizes, st.floats(0.1, 0.9))
def test_two_parts_are_together_as_large_as_the_whole(lon: float, lat: float, size: float, cut: float) -> None:
    middle = lon + size * cut
    whole = box(lon, lat, lon + size, lat + size)
    parts = box(lon, lat, middle, lat + size), box(middle, lat, lon + size, lat + size)
    assert sum(part.size_m2() for part in parts) == pytest.approx(whole.size_m2(), rel=1e-6)
    side = size * METRES_PER_DEGREE
    assert whole.size_m2() == pytest.approx(side * side * math.cos(math.radians(lat + size / 2)), rel=1e-6)


def test_a_line_counts_as_a_strip_and_a_hole_is_taken_off() -> None:
    line = Geometry(lines=(((12.1, 48.5), (12.1, 48.51)),))
    assert line.size_m2(15) == pytest.approx(0.01 * METRES_PER_DEGREE * 30)
    holed = Geometry(polygons=((box(12, 48, 12.4, 48.4).polygons[0][0], box(12.1, 48.1, 12.3, 48.3).polygons[0][0]),))
    assert holed.size_m2() == pytest.approx(box(12, 48, 12.4, 48.4).size_m2() * 0.75, rel=1e-3)


def test_a_line_holds_only_what_is_near_it() -> None:
    street = Geometry(lines=(((12.10, 48.53), (12.20, 48.53)),))
    on_it, beside = Place(12.15, 48.53), Place(12.15, 48.53 + 20 / METRES_PER_DEGREE)
    assert not street.is_within(on_it)
    assert street.is_within(on_it, 15)
    assert not street.is_within(beside, 15)
    assert street.is_within(beside, 25)


@given(near_lons, near_lats, sizes)
def test_swapped_coordinates_lie_far_away(lon: float, lat: float, size: float) -> None:
    geometry = box(lon, lat, lon + size, lat + size)
    middle = Place(lon + size / 2, lat + size / 2)
    swapped = Place(middle.lat, middle.lon)
    assert geometry.is_within(middle)
    assert not geometry.is_within(swapped, 10_000)


@pytest.mark.parametrize(
    ("geojson", "code"),
    [
        ({}, "geometry_type"),
        ({"type": "Point", "coordinates": [12.1, 48.5]}, "geometry_type"),
        ({"type": "Polygon", "coordinates": []}, "geometry_type"),
        ({"type": "Polygon", "coordinates": [[[12, 48], [12, 49], [13, 49], [13, 48]]]}, "geometry_ring"),
        ({"type": "Polygon", "coordinates": [[[12, 48], [12, 49], [12, 48]]]}, "geometry_ring"),
        ({"type": "LineString", "coordinates": [[12, 48]]}, "geometry_ring"),
        ({"type": "MultiPolygon", "coordinates": [[[[12], [12], [12], [12]]]]}, "geometry_ring"),
        ({"type": "LineString", "coordinates": [[4489123.1, 5378001.2], [4489124, 5378002]]}, "place_out_of_range"),
        ({"type": "LineString", "coordinates": [[12, 48], [12, "hier"]]}, "place_not_a_number"),
    ],
)
def test_a_broken_geometry_is_refused(geojson: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        geometry_of(geojson)
    assert refusal.value.code == code


def test_a_geometry_of_many_parts_holds_each_part_and_ignores_heights() -> None:
    squares = [[[[x, 48, 390], [x + 1, 48, 390], [x + 1, 49, 390], [x, 48, 390]]] for x in (10, 12)]
    geometry = geometry_of({"type": "MultiPolygon", "coordinates": squares})
    assert list(geometry.bounds) == [10, 48, 13, 49]
    assert [geometry.is_within(Place(x + 0.9, 48.5)) for x in (10, 11, 12)] == [True, False, True]
