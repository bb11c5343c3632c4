"""The base map by way of our own house: no visitor's address reaches a third party (DSGVO Art. 25)."""

import math
import struct
import zlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response

from maengelmelder.adapters.map_tiles import PNG, MapTiles, TileUnavailable
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.house import house
from maengelmelder.web.page import the_catalogue

blueprint = Blueprint("tiles", __name__)

ZOOMS = range(10, 20)
SURROUNDINGS = 0.15  # degrees around the city
WITHOUT_BOUNDARY = 0.3
DAY = "public, max-age=86400"
WEEK = "public, max-age=604800"


@blueprint.get("/karten/<int(max=30):z>/<int(max=1000000):x>/<int(max=1000000):y>.png")
def tile(z: int, x: int, y: int) -> Response:
    """A tile of the city's surroundings; elsewhere, and while the upstream is away, an invisible one."""
    settings = house().settings
    if not settings.tiles or z not in ZOOMS or not _touches_city(the_catalogue(), z, x, y):
        return _answer(empty_tile(), DAY)
    try:
        return _answer(_tiles(settings.data / "tiles", settings.tiles).get(z, x, y), WEEK)
    except TileUnavailable:
        return _answer(empty_tile(), "no-store")


def _answer(png: bytes, caching: str) -> Response:
    response = Response(png, mimetype="image/png")
    response.headers["Cache-Control"] = caching
    return response


@lru_cache(maxsize=4)
def _tiles(root: Path, upstream: str) -> MapTiles:
    return MapTiles(root, upstream)


def surroundings(catalogue: Catalogue) -> tuple[float, float, float, float] | None:
    """West, south, east, north of what the map shows; None: the city has neither boundary nor centre."""
    city, boundary = catalogue.city, catalogue.boundary
    if boundary is not None and boundary.geometry is not None:
        (west, south, east, north), more = boundary.geometry.bounds, SURROUNDINGS
    elif city.centre is not None:
        (west, south, east, north), more = (city.centre.lon, city.centre.lat) * 2, WITHOUT_BOUNDARY
    else:
        return None
    return west - more, south - more, east + more, north + more


def _touches_city(catalogue: Catalogue, z: int, x: int, y: int) -> bool:
    around = surroundings(catalogue)
    if around is None or x >= 2**z or y >= 2**z:
        return False
    west, south, east, north = around
    return _lon(z, x) <= east and _lon(z, x + 1) >= west and _lat(z, y + 1) <= north and _lat(z, y) >= south


def _lon(z: int, x: int) -> float:
    """Longitude of a tile's western edge (Web Mercator)."""
    return x / 2.0**z * 360 - 180


def _lat(z: int, y: int) -> float:
    """Latitude of a tile's northern edge (Web Mercator)."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2.0**z))))


@lru_cache(maxsize=1)
def empty_tile() -> bytes:
    """A transparent PNG of 256 × 256 pixels."""
    rows = zlib.compress(b"\0" * (1 + 32) * 256)
    header = struct.pack(">IIBBBBB", 256, 256, 1, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", b"\0\0\0"), (b"tRNS", b"\0"), (b"IDAT", rows), (b"IEND", b""))
    return PNG + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
