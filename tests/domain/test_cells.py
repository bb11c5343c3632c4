"""The quadtree of the map: every place in one square of each level, and squares within squares."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.domain.cells import (
    FINEST,
    LEVELS,
    MOST_TILES,
    NORTHERNMOST,
    Tile,
    code_at,
    grid_position,
    interleave,
    part,
    place_at,
    place_code,
    tiles_of,
)
from maengelmelder.domain.places import Place

lons = st.floats(-180, 180, allow_nan=False)
lats = st.floats(-NORTHERNMOST + 1e-6, NORTHERNMOST - 1e-6, allow_nan=False)
places = st.builds(Place, lons, lats)
TOWN_HALL = Place(12.1521, 48.5372)


def test_the_town_hall_lies_in_the_tile_that_every_map_shows_it_in() -> None:
    """x and y of the tile at zoom 14 as the formula of the OpenStreetMap wiki ("Slippy map tilenames") gives them."""
    n = 2**14
    x = int((TOWN_HALL.lon + 180) / 360 * n)
    y = int((1 - math.log(math.tan(math.radians(48.5372)) + 1 / math.cos(math.radians(48.5372))) / math.pi) / 2 * n)
    low, high = Tile(14, x, y).range
    assert low <= place_code(TOWN_HALL) < high


@given(places)
def test_the_grid_finds_a_place_again_within_twenty_centimetres(place: Place) -> None:
    found = place_at(*(axis + 0.5 for axis in grid_position(place)))
    assert abs(found.lon - place.lon) <= 360 / 2**FINEST
    assert abs(found.lat - place.lat) <= 360 / 2**FINEST


@given(places, st.sampled_from(LEVELS), st.sampled_from(LEVELS))
def test_a_fine_cell_lies_in_one_coarse_cell(place: Place, one: int, other: int) -> None:
    code = place_code(place)
    coarse, fine = min(one, other), max(one, other)
    assert code_at(coarse, code) == code_at(fine, code) >> 2 * (fine - coarse)


@given(st.integers(0, 2**FINEST - 1), st.integers(0, 2**FINEST - 1))
def test_no_two_squares_share_a_code(x: int, y: int) -> None:
    code = interleave(x, y)
    assert part(code) == (x, y)
    assert int(f"{code:b}".zfill(56)[1::2] or "0", 2) == x
    assert int(f"{code:b}".zfill(56)[0::2] or "0", 2) == y


@given(lons, lats, st.floats(0, 40), st.floats(0, 40), st.integers(0, 22))
def test_a_view_is_covered_by_few_tiles(west: float, south: float, width: float, height: float, zoom: int) -> None:
    east, north = min(180.0, west + width), min(NORTHERNMOST, south + height)
    tiles = tiles_of(west, south, east, north, zoom)
    assert 1 <= len(tiles) <= MOST_TILES
    for corner in (Place(west, south), Place(east, north), Place((west + east) / 2, (south + north) / 2)):
        code = place_code(corner)
        assert sum(low <= code < high for low, high in (tile.range for tile in tiles)) == 1


@pytest.mark.parametrize("zoom", [0, 99, 10**9])
def test_whole_worlds_and_impossible_zooms_end_in_tiles_too(zoom: int) -> None:
    assert 1 <= len(tiles_of(-180, -90, 180, 90, zoom)) <= MOST_TILES
