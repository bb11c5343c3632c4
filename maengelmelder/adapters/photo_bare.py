"""Proves of a JPEG that it holds a picture and nothing else."""

import re

from maengelmelder.domain.photo_header import START_OF_SCAN, jpeg_segments, read_header

JFIF_MARKER = 0xE0
TABLES = {0xDB, 0xC4, 0xDD, 0xC0, START_OF_SCAN}  # quantisation, Huffman, restart interval, baseline frame
PLAIN_JFIF = re.compile(rb"JFIF\0\x01[\x00-\x02].{5}\0\0", re.DOTALL)  # no thumbnail
MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7]")
END_OF_IMAGE = b"\xff\xd9"


def is_bare_jpeg(data: bytes, longest: int) -> bool:
    """Whether these bytes are one baseline JPEG of at most so many pixels a side, and not a byte more.

    Allowed are a JFIF head without thumbnail, tables, frame and a single scan: no Exif, XMP, profile, comment, second
    picture, and nothing after the end.
    """
    try:
        header = read_header(data)
        scan = _end_of_plain_segments(data)
    except Exception:
        return False  # fail closed, whatever it is
    fits = header.media_type == "image/jpeg" and max(header.width, header.height) <= longest
    last = MARKER_IN_SCAN.search(data, scan)
    return fits and last is not None and last.group() == END_OF_IMAGE and last.end() == len(data)


def _end_of_plain_segments(data: bytes) -> int:
    """Where the scan begins; raises ValueError at a segment that does not belong, or at bytes between segments."""
    end = 2
    for marker, start, stop in jpeg_segments(data):
        plain = marker in TABLES or (marker == JFIF_MARKER and PLAIN_JFIF.fullmatch(data, start, stop))
        if start != end + 4 or not plain:
            raise ValueError("more than a picture")
        end = stop
    return end
