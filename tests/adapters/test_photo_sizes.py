"""Every photo comes out upright, in two sizes, without anything that could betray the person who took it."""

import os
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat, PngImagePlugin

from maengelmelder.adapters.photo_bare import is_bare_jpeg
from maengelmelder.adapters.photo_sizes import PhotoSizer
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.photos import LARGE_PX, SMALL_PX, check_photo
from maengelmelder.ports import PhotoUnreadable, Sizes

IMAGES = Path(__file__).parents[1] / "data" / "images"
PHOTOS = sorted(path for path in IMAGES.iterdir() if path.suffix in {".jpg", ".webp", ".heic", ".avif"})
MALFORMED = sorted((IMAGES / "malformed").iterdir())
SPY = b"GEHEIM-4711"
RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 30), (30, 30, 200), (255, 255, 255)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of the worst channel, 0 to 255."""
    same_size = other.convert("RGB").resize(one.size)
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), same_size)).mean)


def quarters(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """Red, green, blue and white quarters: every way of turning it looks different."""
    small = Image.new("RGB", (2, 2))
    for at, colour in zip([(0, 0), (1, 0), (0, 1), (1, 1)], [RED, GREEN, BLUE, WHITE], strict=True):
        small.putpixel(at, colour)
    return small.resize(size, Image.Resampling.NEAREST).convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def sizes_of(decoder: PhotoSizer, data: bytes) -> Sizes:
    """The sizes, after the checks that hold for every photo."""
    sizes = decoder.make_sizes(data)
    for file, longest in ((sizes.large, LARGE_PX), (sizes.small, SMALL_PX)):
        image = opened(file)
        assert is_bare_jpeg(file, longest)
        assert (image.format, image.mode) == ("JPEG", "RGB")
        assert max(image.size) <= longest
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not image.getexif()
        assert SPY not in file
    assert opened(sizes.large).size == (sizes.width, sizes.height)
    return sizes


@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: path.name)
def test_every_real_photo_comes_out_bare_in_two_sizes(decoder: PhotoSizer, path: Path) -> None:
    data = path.read_bytes()
    check_photo(data, path.name)
    sizes = sizes_of(decoder, data)
    assert difference(opened(sizes.small), opened(sizes.large)) < 12


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        *((f"Landscape_{turn}.jpg", "Landscape_1.jpg") for turn in (1, 6, 8)),
        *((f"Portrait_{turn}.jpg", "Portrait_1.jpg") for turn in (1, 5, 6, 7)),
        *((f"hopper_orientation_{turn}.webp", "hopper.webp") for turn in range(2, 9)),
    ],
)
def test_a_photo_taken_any_way_round_comes_out_upright(decoder: PhotoSizer, name: str, reference: str) -> None:
    sizes = sizes_of(decoder, (IMAGES / name).read_bytes())
    upright = opened((IMAGES / reference).read_bytes())
    for file in (sizes.large, sizes.small):
        assert difference(opened(file), upright) < 8
        assert abs(opened(file).width / opened(file).height - upright.width / upright.height) < 0.01


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_orientations_of_every_kind_come_out_upright(
    decoder: PhotoSizer, kind: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    back = {6: 8, 8: 6}.get(orientation, orientation)
    stored = quarters() if orientation == 1 else quarters().transpose(Image.Transpose(_transposition(back)))
    sizes = sizes_of(decoder, saved(stored, kind, exif=exif))
    assert (sizes.width, sizes.height) == (640, 480)
    assert difference(opened(sizes.large), quarters()) < 8


def _transposition(orientation: int) -> int:
    names = ["FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM", "TRANSPOSE", "ROTATE_270", "TRANSVERSE", "ROTATE_90"]
    return int(Image.Transpose[names[orientation - 2]])


def test_a_heic_photo_keeps_its_shape_and_colours(decoder: PhotoSizer) -> None:
    sizes = sizes_of(decoder, (IMAGES / "xiaomi.heic").read_bytes())
    assert (sizes.width, sizes.height) == (1600, 1200)
    pug = opened(sizes_of(decoder, (IMAGES / "empty_icc.heic").read_bytes()).large)
    assert pug.size == (1025, 900)
    tongue = pug.getpixel((460, 720))
    assert isinstance(tongue, tuple)
    assert tongue[0] > tongue[2] + 30


def test_an_orientation_that_only_the_xmp_of_an_avif_claims_does_not_count(decoder: PhotoSizer) -> None:
    data = (IMAGES / "xmp_tags_orientation.avif").read_bytes()
    roses, upright = opened(sizes_of(decoder, data).large), opened(data)
    assert difference(roses, upright) * 2 < difference(roses, upright.rotate(180))


def test_a_profile_that_is_not_srgb_is_applied_before_it_is_dropped(decoder: PhotoSizer) -> None:
    data = (IMAGES / "xmp_tags_orientation.avif").read_bytes()
    wide = opened(data)
    profile = ImageCms.ImageCmsProfile(BytesIO(wide.info["icc_profile"]))
    expected = ImageCms.profileToProfile(wide, profile, ImageCms.createProfile("sRGB"))
    assert expected is not None
    seen = opened(sizes_of(decoder, data).large)
    assert difference(seen, expected) < 8 < difference(seen, wide)


@pytest.mark.parametrize(
    ("size", "large", "small"),
    [
        ((4000, 3000), (1600, 1200), (400, 300)),
        ((3000, 4000), (1200, 1600), (300, 400)),
        ((1601, 10), (1600, 10), (400, 3)),
        ((500, 300), (500, 300), (400, 240)),
        ((300, 200), (300, 200), (300, 200)),
        ((1, 1), (1, 1), (1, 1)),
        ((9000, 1), (1600, 1), (400, 1)),
    ],
)
def test_photos_are_shrunk_to_fit_and_never_enlarged(
    decoder: PhotoSizer, size: tuple[int, int], large: tuple[int, int], small: tuple[int, int]
) -> None:
    sizes = sizes_of(decoder, saved(Image.new("RGB", size, RED), "JPEG"))
    assert (opened(sizes.large).size, opened(sizes.small).size) == (large, small)


def planted_exif() -> bytes:
    """Camera text, a comment, an artist, a GPS directory and a thumbnail of another picture."""
    thumbnail = saved(Image.new("RGB", (160, 120), BLUE), "JPEG", comment=SPY)
    exif = Image.Exif()
    for tag in (0x010E, 0x010F, 0x013B, 0x8298):
        exif[tag] = SPY.decode()
    exif.get_ifd(0x8769)[0x9286] = SPY
    exif.get_ifd(0x8769)[0x927C] = SPY
    exif.get_ifd(0x8825)[0x001B] = SPY
    tiff = exif.tobytes()
    return tiff + thumbnail if tiff.startswith(b"Exif") else b"Exif\0\0" + tiff + thumbnail


def planted_profile() -> bytes:
    """An sRGB profile with a word in it that still is a valid profile."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    place = profile.index("No copyright".encode("utf-16-be"))
    word = SPY.decode().encode("utf-16-be")
    return profile[:place] + word + profile[place + len(word) :]


def planted_jpeg() -> bytes:
    photo_shop = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x78\0\x0b" + SPY
    extra = b"".join(
        b"\xff" + bytes([marker]) + struct.pack(">H", 2 + len(content)) + content
        for marker, content in [(0xED, photo_shop), (0xE2, b"MPF\0" + SPY), (0xEF, SPY), (0xFE, SPY)]
    )
    xmp = b"<x:xmpmeta>" + SPY + b"</x:xmpmeta>"
    exif, profile = planted_exif(), planted_profile()
    data = saved(quarters(), "JPEG", exif=exif, icc_profile=profile, comment=SPY, xmp=xmp, extra=extra)
    return data + b"<script>" + SPY + b"</script>PK\x03\x04" + SPY


def planted_png() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SPY.decode())
    text.add_itxt("XML:com.adobe.xmp", SPY.decode())
    text.add(b"prVt", SPY, after_idat=True)
    exif, profile = planted_exif(), planted_profile()
    return saved(quarters(), "PNG", pnginfo=text, exif=exif, icc_profile=profile, compress_level=0) + SPY


def planted(kind: str) -> bytes:
    if kind == "JPEG":
        return planted_jpeg()
    if kind == "PNG":
        return planted_png()
    exif, profile = planted_exif(), planted_profile()
    return saved(quarters(), kind, exif=exif, icc_profile=profile, xmp=b"<x:xmpmeta>" + SPY)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_that_was_planted_in_a_photo_comes_out(decoder: PhotoSizer, kind: str) -> None:
    original = planted(kind)
    assert original.count(SPY) >= 5
    assert SPY.decode().encode("utf-16-be") in original or kind == "PNG"  # which packs the profile
    sizes = sizes_of(decoder, original)
    for file in (sizes.large, sizes.small):
        assert SPY.decode().encode("utf-16-be") not in file
        assert file.count(b"\xff\xd8\xff") == 1
    assert difference(opened(sizes.large), quarters()) < 8


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_looks_the_same_afterwards(decoder: PhotoSizer, mode: str) -> None:
    image = quarters(mode="L").convert(mode) if mode != "I;16" else _sixteen_bits(quarters(mode="L"))
    sizes = sizes_of(decoder, saved(image, "PNG"))
    expected = quarters(mode="L").convert(mode).convert("L") if mode == "1" else quarters(mode="L")
    assert difference(opened(sizes.large), expected) < 8


def _sixteen_bits(image: Image.Image) -> Image.Image:
    wide = b"".join(struct.pack("<H", level * 257) for level in image.tobytes())
    return Image.frombytes("I;16", image.size, wide)


def test_what_is_transparent_becomes_white_paper(decoder: PhotoSizer) -> None:
    image = quarters(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 320, 240))
    palette = quarters().quantize(4)
    index = palette.getpixel((0, 0))
    for data in (saved(image, "PNG"), saved(image, "WEBP", lossless=True), saved(palette, "PNG", transparency=index)):
        corner = opened(sizes_of(decoder, data).large).getpixel((100, 100))
        assert isinstance(corner, tuple)
        assert min(corner) > 245


def test_colours_of_print_and_of_wide_screens_become_those_of_every_screen(decoder: PhotoSizer) -> None:
    assert difference(opened(sizes_of(decoder, saved(quarters(mode="CMYK"), "JPEG")).large), quarters()) < 12
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert difference(opened(sizes_of(decoder, saved(quarters(), "JPEG", icc_profile=lab)).large), quarters()) < 8
    broken = saved(quarters(), "JPEG", icc_profile=b"no profile at all")
    assert difference(opened(sizes_of(decoder, broken).large), quarters()) < 8


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "PNG"])
def test_of_a_film_only_the_first_picture_is_taken(decoder: PhotoSizer, kind: str) -> None:
    later = [Image.new("RGB", (64, 48), (shade, 0, 0)) for shade in range(50)]
    film = saved(quarters((64, 48)), kind, save_all=True, append_images=later)
    assert difference(opened(sizes_of(decoder, film).large), quarters((64, 48))) < 20


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.name)
def test_a_malformed_file_is_refused_or_comes_out_bare(decoder: PhotoSizer, path: Path) -> None:
    try:
        sizes_of(decoder, path.read_bytes())
    except PhotoUnreadable as refused:
        assert str(refused).isidentifier()  # noqa: PT017


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff", b"GIF89a"])
def test_what_is_no_photo_is_unreadable(decoder: PhotoSizer, data: bytes) -> None:
    with pytest.raises(PhotoUnreadable):
        decoder.make_sizes(data)


def test_a_truncated_photo_is_unreadable(decoder: PhotoSizer) -> None:
    for name in ("Landscape_1.jpg", "hopper.webp", "xmp_tags_orientation.avif"):
        data = (IMAGES / name).read_bytes()
        with pytest.raises(PhotoUnreadable):
            decoder.make_sizes(data[: len(data) // 2])


def png_bomb(side: int) -> bytes:
    """A black square of side × side pixels that packs into almost nothing."""
    packer = zlib.compressobj(9)
    row = bytes(side // 8 + 2)[: side // 8 + 1 + (side % 8 > 0)]
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", data), (b"IEND", b"")]
    packed = b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + packed


def jpeg_bomb() -> bytes:
    """A progressive JPEG of 176 megapixels, made in a process of its own for its hunger."""
    make = "import sys; from PIL import Image; Image.MAX_IMAGE_PIXELS = None;"
    make += "Image.new('L', (13266, 13266)).save(sys.stdout.buffer, 'JPEG', progressive=True, quality=10)"
    return subprocess.run([sys.executable, "-c", make], check=True, stdout=subprocess.PIPE).stdout


@pytest.mark.parametrize("bomb", [lambda: png_bomb(13_300), jpeg_bomb], ids=["png", "progressive jpeg"])
def test_a_bomb_is_refused_at_the_door_and_again_in_the_decoder(decoder: PhotoSizer, bomb: object) -> None:
    assert callable(bomb)
    data = bomb()
    assert len(data) < 2_000_000
    with pytest.raises(Refusal) as caught:
        check_photo(data, "bombe")
    assert caught.value.code == "photo_too_many_pixels"
    with pytest.raises(PhotoUnreadable):
        decoder.make_sizes(data)


def test_60_megapixels_are_decoded_without_growing_this_process(decoder: PhotoSizer) -> None:
    data = png_bomb(7740)
    check_photo(data, "gross.png")
    before = _resident_mb()
    assert sizes_of(decoder, data).width == LARGE_PX
    assert _resident_mb() - before < 40


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
