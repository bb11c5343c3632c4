"""What kind of picture a file says it is, and how many pixels: read from its first bytes, nothing is decoded.

Own code instead of an image library because WebP, AVIF and HEIF are handed to a native decoder as soon as a library
opens them, and the web process must survive every file that anyone sends. All loops are bounded.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from maengelmelder.domain.errors import Refusal

MediaType = Literal["image/jpeg", "image/png", "image/webp", "image/avif", "image/heif"]

MAX_PARTS = 4096  # segments or boxes; phones write some dozens, 15 MB of empty segments would cost seconds
AVIF_BRANDS = {b"avif", b"avis"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
# Start of frame, all processes (ITU-T T.81 table B.1): C0 to CF without DHT, JPG and DAC.
FRAME_MARKERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
LONE_MARKERS = {0x01, *range(0xD0, 0xD9)}
JPEG_MARKER = re.compile(rb"\xff([\x01-\xfe])")  # no repetition: a file full of FF would take hours


@dataclass(frozen=True)
class Header:
    """What a picture file promises; width and height in pixels as stored, before any turning."""

    media_type: MediaType
    width: int
    height: int

    @property
    def pixels(self) -> int:
        """Number of pixels that a decoder would have to hold."""
        return self.width * self.height


def read_header(data: bytes) -> Header:
    """Type and size of a picture.

    Raises Refusal `photo_wrong_type` for anything that is not JPEG, PNG, WebP, AVIF or HEIF by its own bytes (the name
    and the type that the sender states do not count), `photo_unreadable` if it is one of them but broken.
    """
    media_type = find_media_type(data)
    if media_type is None:
        raise Refusal("photo_wrong_type", "photos")
    try:
        width, height = _SIZE_READERS[media_type](data)
    except (struct.error, ValueError, IndexError):
        raise Refusal("photo_unreadable", "photos") from None
    if not (width and height):
        raise Refusal("photo_unreadable", "photos")
    return Header(media_type, width, height)


def find_media_type(data: bytes) -> MediaType | None:
    """The type by the magic numbers at the start, None if it is not one that we take."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _type_by_brand(data)
    return None


def _type_by_brand(data: bytes) -> MediaType | None:
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, length - 3, 4)}
    if brands & AVIF_BRANDS:
        return "image/avif"
    return "image/heif" if brands & HEIF_BRANDS else None


def _jpeg_size(data: bytes) -> tuple[int, int]:
    for marker, at, _ in jpeg_segments(data):
        if marker in FRAME_MARKERS:
            height, width = struct.unpack_from(">HH", data, at + 1)
            return width, height
    raise ValueError("no frame before the first scan")


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of the content of each segment up to and with the first scan's header.

    Raises ValueError where the chain of segments breaks or ends without a scan.
    """
    at = 2
    for _ in range(MAX_PARTS):
        found = JPEG_MARKER.search(data, at)  # decoders skip rubbish between segments too
        if found is None or data[found.end() - 1] == END_OF_IMAGE:
            raise ValueError("no marker where one belongs")
        marker, at = data[found.end() - 1], found.end()
        if marker in LONE_MARKERS:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise ValueError("segment longer than the file")
        yield marker, at + 2, at + length
        if marker == START_OF_SCAN:
            return
        at += length
    raise ValueError("too many segments")


def _png_size(data: bytes) -> tuple[int, int]:
    length, kind, width, height = struct.unpack_from(">I4sII", data, 8)
    if (length, kind) != (13, b"IHDR"):
        raise ValueError("no IHDR")
    return width, height


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":  # canvas size minus one, 24 bits each
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("unknown WebP chunk")


def _box_size(data: bytes) -> tuple[int, int]:
    """The largest extent (`ispe`) that any item of an AVIF or HEIF file has: the picture, as its tiles are smaller."""
    start, end = 0, len(data)
    for kind, full in ((b"meta", True), (b"iprp", False), (b"ipco", False)):
        start, end = _box(data, kind, start, end)
        start += 4 * full  # a full box begins with version and flags
    extents = [struct.unpack_from(">II", data, a + 4) for name, a, _ in _boxes(data, start, end) if name == b"ispe"]
    return max(extents, key=lambda extent: extent[0] * extent[1])


def _box(data: bytes, kind: bytes, start: int, end: int) -> tuple[int, int]:
    for name, inner_start, inner_end in _boxes(data, start, end):
        if name == kind:
            return inner_start, inner_end
    raise ValueError("a box is missing")


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the content of each ISO base media box (ISO 14496-12, 4.2) in a range."""
    for _ in range(MAX_PARTS):
        if start + 8 > end:
            return
        length, name = struct.unpack_from(">I4s", data, start)
        head = 8
        if length == 1:
            (length,), head = struct.unpack_from(">Q", data, start + 8), 16
        length = length or end - start
        if length < head or start + length > end:
            raise ValueError("box longer than its parent")
        yield name, start + head, start + length
        start += length
    raise ValueError("too many boxes")


_SIZE_READERS = {
    "image/jpeg": _jpeg_size,
    "image/png": _png_size,
    "image/webp": _webp_size,
    "image/avif": _box_size,
    "image/heif": _box_size,
}
