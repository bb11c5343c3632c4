"""One point for each street, out of the points along its ways and the houses on it."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from maengelmelder.domain.addresses import Address, name_key
from maengelmelder.domain.places import METRES_PER_DEGREE, Place

GAP_M = 300.0  # metres; two streets of one name are told apart when more than this lies between them

Cell = tuple[int, int]


def streets_of(entries: Iterable[Address]) -> Iterator[Address]:
    """A `street` for each name and each separate place that bears it."""
    named: dict[str, list[Address]] = {}
    for entry in entries:
        if entry.kind in ("way", "address"):
            named.setdefault(name_key(entry.street), []).append(entry)
    for same in named.values():
        for part in _parts(same):
            yield _street(part)


def _parts(entries: Sequence[Address]) -> Iterator[list[Address]]:
    """Entries that hang together: their cells of a grid touch."""
    cells: dict[Cell, list[Address]] = {}
    for entry in entries:
        cells.setdefault(_cell(entry.place), []).append(entry)
    while cells:
        yield [entry for cell in _touching(cells) for entry in cells.pop(cell)]


def _touching(cells: Mapping[Cell, object]) -> set[Cell]:
    start = next(iter(cells))
    found, waiting = {start}, [start]
    while waiting:
        x, y = waiting.pop()
        around = {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
        fresh = {cell for cell in around if cell in cells} - found
        found |= fresh
        waiting += fresh
    return found


def _cell(place: Place) -> Cell:
    up = GAP_M / METRES_PER_DEGREE
    row = math.floor(place.lat / up)
    aside = up / max(math.cos(row * up * math.pi / 180), 0.01)
    return math.floor(place.lon / aside), row


def _street(part: Sequence[Address]) -> Address:
    """The point nearest to the middle, on the street itself where its course is known."""
    points = [entry for entry in part if entry.kind == "way"] or part
    lon = sum(entry.place.lon for entry in points) / len(points)
    lat = sum(entry.place.lat for entry in points) / len(points)
    middle = min(points, key=lambda entry: Place(lon, lat).metres_to(entry.place))
    localities = Counter(entry.locality for entry in part if entry.locality)
    postcodes = {entry.postcode for entry in part if entry.postcode}
    return Address(
        street=Counter(entry.street for entry in points).most_common(1)[0][0],
        place=middle.place,
        postcode=postcodes.pop() if len(postcodes) == 1 else "",
        locality=localities.most_common(1)[0][0] if localities else "",
        kind="street",
    )
