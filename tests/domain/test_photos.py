"""Which files the city takes as photos, told from their first bytes."""

import contextlib
import struct
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.photo_header import Header, read_header
from maengelmelder.domain.photo_place import find_place, find_place_in_exif
from maengelmelder.domain.photos import MAX_BYTES, check_bytes, check_header, check_photo, clean_name, stored_name

IMAGES = Path(__file__).parents[1] / "data" / "images"
MALFORMED = sorted((IMAGES / "malformed").iterdir())
KEY = "a-Z_0123456789abcdefg"
MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypavif")


def refused(data: bytes, name: str = "foto.jpg") -> Refusal:
    with pytest.raises(Refusal) as caught:
        check_photo(data, name)
    assert caught.value.field == "photos"
    return caught.value


def png(width: int, height: int) -> bytes:
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


def webp(kind: bytes, content: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + struct.pack("<I", len(content)) + content


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def heif(brand: bytes, *extents: tuple[int, int]) -> bytes:
    boxes = b"".join(box(b"ispe", struct.pack(">III", 0, *extent)) for extent in extents)
    meta = box(b"meta", b"\0\0\0\0" + box(b"hdlr", b"") + box(b"iprp", box(b"ipco", boxes)))
    return box(b"ftyp", brand + b"\0\0\0\0") + meta


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Landscape_6.jpg", Header("image/jpeg", 1200, 1800)),
        ("bath_pothole.jpg", Header("image/jpeg", 1296, 968)),
        ("malformed/photoshop-200dpi-broken.jpg", Header("image/jpeg", 200, 200)),
        ("hopper.webp", Header("image/webp", 128, 128)),
        ("xmp_tags_orientation.avif", Header("image/avif", 326, 268)),
        ("xiaomi.heic", Header("image/heif", 2592, 1944)),
    ],
)
def test_a_real_photo_is_recognised_by_its_bytes_whatever_it_is_called(name: str, header: Header) -> None:
    assert check_photo((IMAGES / name).read_bytes(), "brief.txt") == header


@pytest.mark.parametrize(
    ("data", "header"),
    [
        (png(640, 480), Header("image/png", 640, 480)),
        (webp(b"VP8X", struct.pack("<I", 0) + b"\x7f\x02\0\xdf\x01\0"), Header("image/webp", 640, 480)),
        (webp(b"VP8L", b"\x2f" + struct.pack("<I", 639 | 479 << 14)), Header("image/webp", 640, 480)),
        (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640, 480)), Header("image/webp", 640, 480)),
        (heif(b"heic", (512, 512), (640, 480), (160, 120)), Header("image/heif", 640, 480)),
        (heif(b"avif", (640, 480)), Header("image/avif", 640, 480)),
        (heif(b"mif1\0\0\0\0avif", (640, 480)), Header("image/avif", 640, 480)),
    ],
)
def test_every_kind_of_header_gives_its_size(data: bytes, header: Header) -> None:
    assert read_header(data) == header


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"GIF89a" + bytes(100),
        b"II*\0" + bytes(100),
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
        b"%PDF-1.7",
        b"x",
    ],
)
def test_what_is_no_photo_is_refused_even_if_it_is_called_one(data: bytes) -> None:
    assert refused(data, "schlagloch.jpg").code == "photo_wrong_type"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xda\0\x04ab",
        b"\xff\xd8\xff\xe1\xff\xffshort",
        b"\xff\xd8\xff\xe1\0\x01" + bytes(100),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xc0\0\x07\x08\0\0\0\x10",
        png(0, 480),
        png(640, 480)[:20],
        webp(b"VP8 ", bytes(10)),
        webp(b"ALPH", bytes(10)),
        webp(b"VP8L", b""),
        heif(b"heic"),
        heif(b"heic", (0, 0)),
        heif(b"heic", (640, 480))[:-4],
        box(b"ftyp", b"heic\0\0\0\0") + struct.pack(">I4s", 4, b"meta"),
        box(b"ftyp", b"heic\0\0\0\0") + struct.pack(">I4sQ", 1, b"meta", 2**63),
    ],
)
def test_a_photo_with_a_broken_header_is_refused(data: bytes) -> None:
    assert refused(data).code == "photo_unreadable"


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.name)
def test_no_malformed_file_does_more_than_be_refused(path: Path) -> None:
    with contextlib.suppress(Refusal):
        check_photo(path.read_bytes(), path.name)


@given(st.sampled_from(MAGIC), st.binary(max_size=400))
def test_no_rubbish_behind_a_good_beginning_does_more_than_be_refused(magic: bytes, rest: bytes) -> None:
    find_place(magic + rest)
    with contextlib.suppress(Refusal):
        assert check_photo(magic + rest, "x").pixels > 0


@pytest.mark.parametrize(
    "flood",
    [
        b"\xff\xd8" + b"\xff\xe1\0\x02" * 3_500_000,
        b"\xff\xd8" + b"\xff" * 14_000_000,
        b"\xff\xd8" + b"\xff\x01" * 7_000_000,
        box(b"ftyp", b"heic\0\0\0\0") + box(b"free", b"") * 1_700_000,
    ],
    ids=["segments", "fill bytes", "lone markers", "boxes"],
)
def test_fifteen_megabytes_of_nothing_are_refused_in_no_time(flood: bytes) -> None:
    begin = time.process_time()
    assert refused(flood).code == "photo_unreadable"
    assert time.process_time() - begin < 0.5


def test_an_empty_file_and_one_above_15_mb_are_refused_with_the_limit() -> None:
    assert refused(b"").code == "photo_empty"
    check_bytes(MAX_BYTES, "foto.jpg")
    with pytest.raises(Refusal) as caught:
        check_bytes(MAX_BYTES + 1, "ordner/foto.jpg")
    assert caught.value.code == "photo_too_large"
    assert caught.value.params == {"name": "foto.jpg", "limit": 15}


def test_50_megapixels_pass_and_177_do_not() -> None:
    check_photo(png(8160, 6144), "handy.png")
    refusal = refused(png(13_300, 13_300), "bombe.png")
    assert refusal.code == "photo_too_many_pixels"
    assert refusal.params == {"name": "bombe.png", "limit": 60}


def test_formats_whose_decoders_need_more_memory_have_a_lower_limit() -> None:
    check_header(Header("image/jpeg", 7000, 7000), "x")
    with pytest.raises(Refusal) as caught:
        check_header(Header("image/webp", 7000, 7000), "x")
    assert caught.value.params["limit"] == 36


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("IMG_1.jpg", "IMG_1.jpg"),
        ("../../etc/IMG_1.jpg", "IMG_1.jpg"),
        ("C:\\Fotos\\IMG_1.jpg", "IMG_1.jpg"),
        ("a\0b\r\nc\x1b[31m.jpg", "a b c [31m.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("\ud800.jpg", ".jpg"),
        ("Straße  Ü.jpg", "Straße Ü.jpg"),
        ("....", "Foto"),
        ("", "Foto"),
    ],
)
def test_a_file_name_is_fit_to_be_repeated_in_a_sentence(sent: str, shown: str) -> None:
    assert clean_name(sent) == shown


def test_an_endless_file_name_is_cut_in_the_middle() -> None:
    assert clean_name("a" * 5000 + "b.jpg") == "a" * 51 + "…aaab.jpg"


def test_only_random_tokens_name_files_in_the_store() -> None:
    assert stored_name(KEY, "large") == f"{KEY}.large"
    for key in ("../../../../etc/passwd", "short", KEY + "/x", KEY + "\n", "ä" * 30, "x" * 65, ""):
        with pytest.raises(ValueError, match="not the name"):
            stored_name(key, "original")


def exif(lat: bytes, lon: bytes, order: str = "<", kind: int = 5, signs: bytes = b"NE") -> bytes:
    """An Exif block with a GPS directory; lat and lon are three fractions of four-byte numbers each."""
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}I", 8)
    first = struct.pack(f"{order}HHHII", 1, 0x8825, 4, 1, 26) + bytes(4)
    entries = [(1, 2, 2, signs[:1]), (2, kind, 3, 80), (3, 2, 2, signs[1:]), (4, kind, 3, 104)]
    gps = struct.pack(f"{order}H", 4)
    for tag, type_, count, value in entries:
        inline = value.ljust(4, b"\0") if isinstance(value, bytes) else struct.pack(f"{order}I", value)
        gps += struct.pack(f"{order}HHI", tag, type_, count) + inline
    return head + first + gps + bytes(4) + lat + lon


def degrees(*parts: int, order: str = "<") -> bytes:
    return struct.pack(f"{order}6I", *parts)


LANDSHUT = (degrees(48, 1, 32, 1, 2400, 100), degrees(12, 1, 9, 1, 0, 1))


def test_the_place_of_a_photo_taken_in_landshut_is_found() -> None:
    place = find_place_in_exif(exif(*LANDSHUT))
    assert place is not None
    assert (round(place.lon, 4), round(place.lat, 4)) == (12.15, 48.54)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [5, 10])
def test_both_byte_orders_and_signed_fractions_are_read(order: str, kind: int) -> None:
    block = exif(degrees(48, 1, 0, 1, 0, 1, order=order), degrees(12, 1, 0, 1, 0, 1, order=order), order, kind)
    place = find_place_in_exif(block)
    assert place is not None
    assert (place.lon, place.lat) == (12, 48)


def test_south_and_west_are_negative() -> None:
    place = find_place_in_exif(exif(*LANDSHUT, signs=b"SW"))
    assert place is not None
    assert place.lat < 0
    assert place.lon < 0


@pytest.mark.parametrize(
    "block",
    [
        exif(degrees(0, 1, 0, 1, 0, 1), degrees(0, 1, 0, 1, 0, 1)),
        exif(degrees(0, 0, 0, 0, 0, 0), degrees(12, 1, 0, 1, 0, 1)),
        exif(degrees(48, 0, 0, 1, 0, 1), degrees(12, 1, 0, 1, 0, 1)),
        exif(degrees(91, 1, 0, 1, 0, 1), degrees(12, 1, 0, 1, 0, 1)),
        exif(degrees(48, 1, 0, 1, 0, 1), degrees(181, 1, 0, 1, 0, 1)),
        exif(*LANDSHUT, signs=b"XE"),
        exif(*LANDSHUT, signs=b"\0\0"),
        exif(*LANDSHUT, kind=2),
        exif(*LANDSHUT)[:90],
        b"II*\0",
        b"",
    ],
    ids=[
        "0/0",
        "nothing",
        "infinite",
        "too far north",
        "too far east",
        "no side",
        "empty side",
        "text",
        "cut",
        "",
        "x",
    ],
)
def test_a_place_that_cannot_be_right_is_none(block: bytes) -> None:
    assert find_place_in_exif(block) is None


def test_real_photos_tell_where_they_were_taken() -> None:
    bath = find_place((IMAGES / "bath_pothole.jpg").read_bytes())
    assert bath is not None
    assert (round(bath.lon, 1), round(bath.lat, 1)) == (-2.6, 51.4)
    assert find_place((IMAGES / "xiaomi.heic").read_bytes()) is not None
    assert find_place((IMAGES / "Landscape_1.jpg").read_bytes()) is None


@pytest.mark.parametrize(
    "before", [b"\xff\xd8\xff\xe1??Exif\0\0", b"\0\0\0\0eXIf", b"RIFF????WEBPVP8 EXIF????", b"iinfExif\0\0\0\0....."]
)
def test_the_place_is_found_in_every_kind_of_file(before: bytes) -> None:
    assert find_place(before + exif(*LANDSHUT) + bytes(100)) is not None
