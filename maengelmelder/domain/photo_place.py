"""Where a photo says it was taken. A hint only: phones strip it, people edit it, and it never leaves the server."""

import math
import struct
from collections.abc import Iterator

from maengelmelder.domain.places import Place

MAX_ENTRIES = 512  # of a directory; cameras write below 100
GPS_DIRECTORY = 0x8825
LAT_SIGN, LAT, LON_SIGN, LON = 1, 2, 3, 4  # Exif 3.0, 4.6.6
TIFF_HEADS = (b"II*\0", b"MM\0*")
# What stands before the TIFF data, and how it begins: most files; PNG; WebP and some HEIF files.
BEGINNINGS = (
    *((mark, head) for mark in (b"Exif\0\0", b"eXIf") for head in TIFF_HEADS),
    (b"", b"II*\0\x08\0\0\0"),
    (b"", b"MM\0*\0\0\0\x08"),
)
UNSIGNED_FRACTION, SIGNED_FRACTION = 5, 10

Entry = tuple[int, int, int, int]  # tag, type, count, position of the value or of its offset


def find_place(data: bytes) -> Place | None:
    """The GPS position in a picture file of any type that we take; None if there is none or it cannot be right."""
    for mark, head in BEGINNINGS:
        at = data.find(mark + head)
        if at >= 0:
            start = at + len(mark)
            return find_place_in_exif(data[start : start + 65536])
    return None


def find_place_in_exif(tiff: bytes) -> Place | None:
    """The GPS position in an Exif block, None if it is missing, broken, 0/0, not a number or not on earth."""
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        gps = {entry[0]: entry for entry in _directory(tiff, order, _number(tiff, order, 4))}
        lat = _degrees(tiff, order, gps[LAT]) * _sign(tiff, gps[LAT_SIGN], b"NS")
        lon = _degrees(tiff, order, gps[LON]) * _sign(tiff, gps[LON_SIGN], b"EW")
    except (struct.error, KeyError, ValueError, ZeroDivisionError):
        return None
    real = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180 and (lat or lon)
    return Place(lon, lat) if real else None


def _directory(tiff: bytes, order: str, at: int) -> Iterator[Entry]:
    """Entries of the GPS directory that the first directory, at this position, points to."""
    for tag, _, _, value_at in _entries(tiff, order, at):
        if tag == GPS_DIRECTORY:
            yield from _entries(tiff, order, _number(tiff, order, value_at))
            return


def _entries(tiff: bytes, order: str, at: int) -> Iterator[Entry]:
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for start in range(at + 2, at + 2 + 12 * min(count, MAX_ENTRIES), 12):
        tag, kind, length = struct.unpack_from(f"{order}HHI", tiff, start)
        yield tag, kind, length, start + 8


def _degrees(tiff: bytes, order: str, entry: Entry) -> float:
    """Degrees, minutes and seconds, each a fraction of two whole numbers, as one number."""
    _, kind, count, value_at = entry
    if kind not in {UNSIGNED_FRACTION, SIGNED_FRACTION} or not 1 <= count <= 3:
        raise ValueError("not degrees")
    whole = "i" if kind == SIGNED_FRACTION else "I"  # Nokia's phones sign them, against the standard
    parts = struct.unpack_from(f"{order}{2 * count}{whole}", tiff, _number(tiff, order, value_at))
    # Cameras write 0/0 for seconds that they do not know.
    degrees = [top / bottom if (top or bottom) else 0.0 for top, bottom in zip(parts[::2], parts[1::2], strict=True)]
    if parts[1] == 0:
        raise ValueError("no degrees")
    return math.fsum(part / 60**power for power, part in enumerate(degrees))


def _sign(tiff: bytes, entry: Entry, signs: bytes) -> int:
    letter = tiff[entry[3] : entry[3] + 1].upper()
    if not letter or letter not in signs:
        raise ValueError("neither of both sides")
    return -1 if letter == signs[1:] else 1


def _number(tiff: bytes, order: str, at: int) -> int:
    (number,) = struct.unpack_from(f"{order}I", tiff, at)
    return int(number)
