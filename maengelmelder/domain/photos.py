"""What a photo must be to be taken, what it is called in the store and how large it is shown."""

import re
import unicodedata
from typing import Literal

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.photo_header import Header, MediaType, read_header

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000  # lets the 50-megapixel phones through; decoded, this many need 240 MB
# These two decoders hold up to four copies of the picture; more pixels would not fit into 700 MB.
MAX_PIXELS_OF: dict[MediaType, int] = {"image/webp": 36_000_000, "image/avif": 50_000_000}
MAX_PHOTOS = 3
LARGE_PX = 1600  # longest side of what is shown on a page and mailed
SMALL_PX = 400  # longest side of what is shown in a list
MAX_NAME = 60  # characters of a file name that a sentence repeats

Size = Literal["original", "large", "small"]
Stored = Literal["original", "large", "small", "piece"]  # a piece of an original on its way
KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")
STORED_NAME = re.compile(rf"{KEY.pattern}\.(?:original|large|small|piece)")


def check_photo(data: bytes, name: str) -> Header:
    """Whether a file may be taken as a photo; looks at its bytes only, decodes nothing.

    Raises Refusal at the field `photos`: `photo_empty`, `photo_too_large`, `photo_wrong_type`, `photo_unreadable`,
    `photo_too_many_pixels`. Parameters: `name`, cleaned, and `limit` (MB, megapixels) where there is one.
    """
    check_bytes(len(data), name)
    try:
        header = read_header(data)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.field, name=clean_name(name)) from None
    check_header(header, name)
    return header


def check_bytes(size: int, name: str) -> None:
    """Whether a file of this many bytes may be a photo. Raises Refusal `photo_empty` or `photo_too_large`."""
    if size == 0:
        raise Refusal("photo_empty", "photos", name=clean_name(name))
    if size > MAX_BYTES:
        raise Refusal("photo_too_large", "photos", name=clean_name(name), limit=MAX_BYTES // 1024**2)


def check_header(header: Header, name: str) -> None:
    """Whether a picture of this size may be decoded. Raises Refusal `photo_too_many_pixels`."""
    limit = MAX_PIXELS_OF.get(header.media_type, MAX_PIXELS)
    if header.pixels > limit:
        raise Refusal("photo_too_many_pixels", "photos", name=clean_name(name), limit=limit // 1_000_000)


def clean_name(name: str) -> str:
    """A sender's file name, fit to be repeated in a sentence: no folders, no invisible characters, not endless."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in last)
    short = " ".join(visible.split())
    if len(short) > MAX_NAME:
        short = f"{short[: MAX_NAME - 9]}…{short[-8:]}"
    return short if short.strip(". ") else "Foto"


def stored_name(key: str, size: Stored) -> str:
    """The name in the store. Raises ValueError if the key is not one of our random tokens."""
    return checked_name(f"{key}.{size}")


def checked_name(name: str) -> str:
    """The same name, if it is one that the store may hold, else ValueError: nothing else ever becomes a path."""
    if not STORED_NAME.fullmatch(name):
        raise ValueError("not the name of a stored photo")
    return name
