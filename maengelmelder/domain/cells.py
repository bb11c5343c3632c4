"""Squares of the map: where a place lies in Web Mercator's quadtree, and which squares a view is answered by."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from maengelmelder.domain.places import Place
from maengelmelder.domain.tickets import Group

FINEST = 28  # zoom of the grid that positions are rounded to: 15 cm at the equator
LEVELS = range(7, 19)  # zooms at which tickets are counted; a cell of level 18 is about 100 m wide in Bavaria
ALL_CATEGORIES = 0  # stands for every category in the table of cells; ids begin with 1
GROUP_CODES: Mapping[Group, int] = {Group.NEW: 1, Group.WORK: 2, Group.DONE: 3, Group.OTHER: 4}
NORTHERNMOST = 85.0511287798066  # degrees; where Web Mercator (EPSG:3857) is cut to a square
MOST_TILES = 24
CELLS_WITHIN = 3  # a tile of 512 pixels shows 8 × 8 cells of 64 pixels

_SIDE = 1 << FINEST
# Spreads the 28 bits of a number to every second bit: "Morton code", G. M. Morton, IBM, 1966.
_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


@dataclass(frozen=True)
class Tile:
    """A square of the quadtree: Web Mercator's tile x, y (from west, from north) at a zoom."""

    zoom: int
    x: int
    y: int

    @property
    def code(self) -> int:
        """Its Morton code: tiles within a tile share its beginning."""
        return interleave(self.x, self.y)

    @property
    def range(self) -> tuple[int, int]:
        """The first place code within, and the first behind."""
        shift = 2 * (FINEST - self.zoom)
        return self.code << shift, (self.code + 1) << shift


def grid_position(place: Place) -> tuple[int, int]:
    """Column and row of a place in the finest grid; what lies beyond Web Mercator's edge is moved to it."""
    lat = math.radians(max(-NORTHERNMOST, min(NORTHERNMOST, place.lat)))
    x = (place.lon + 180) / 360
    y = (1 - math.asinh(math.tan(lat)) / math.pi) / 2
    return _within(x * _SIDE), _within(y * _SIDE)


def place_at(x: float, y: float) -> Place:
    """The place at a column and row of the finest grid."""
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / _SIDE))))
    return Place(x / _SIDE * 360 - 180, lat)


def place_code(place: Place) -> int:
    """The Morton code (56 bits) of a place's square in the finest grid."""
    return interleave(*grid_position(place))


def interleave(x: int, y: int) -> int:
    """Bits of x and y in turn, y's first."""
    return _spread(x) | _spread(y) << 1


def part(code: int) -> tuple[int, int]:
    """x and y of a code again."""
    return _gather(code), _gather(code >> 1)


def code_at(level: int, code: int) -> int:
    """The cell of a level in which a place code lies."""
    return code >> 2 * (FINEST - level)


def tiles_of(west: float, south: float, east: float, north: float, zoom: int) -> list[Tile]:
    """The tiles of 512 pixels that show a box (degrees) at a map zoom; coarser ones where they would be too many."""
    level = max(0, min(FINEST - CELLS_WITHIN, zoom - 1))
    left, top = grid_position(Place(west, north))
    right, bottom = grid_position(Place(east, south))
    while True:
        shift = FINEST - level
        columns, rows = (right >> shift) - (left >> shift) + 1, (bottom >> shift) - (top >> shift) + 1
        if columns * rows <= MOST_TILES:
            return list(_tiles(level, left >> shift, top >> shift, columns, rows))
        level -= 1


def _tiles(zoom: int, left: int, top: int, columns: int, rows: int) -> Iterator[Tile]:
    for y in range(top, top + rows):
        for x in range(left, left + columns):
            yield Tile(zoom, x, y)


def _within(value: float) -> int:
    return max(0, min(_SIDE - 1, int(value)))


def _spread(value: int) -> int:
    for shift, mask in _SPREAD:
        value = (value | value << shift) & mask
    return value


def _gather(code: int) -> int:
    value = code & _SPREAD[-1][1]
    for (shift, _), (_, mask) in zip(reversed(_SPREAD), (*reversed(_SPREAD[:-1]), (32, 0xFFFFFFFF)), strict=True):
        value = (value | value >> shift) & mask
    return value
