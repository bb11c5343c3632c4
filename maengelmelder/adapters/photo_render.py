"""Turns an untrusted picture into two upright sRGB JPEGs. Runs native decoders: call it in a limited child only."""

from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

from PIL import Image
from PIL.Image import Resampling, Transpose
from PIL.ImageFile import ImageFile

from maengelmelder.domain.photo_header import MediaType, read_header
from maengelmelder.domain.photos import LARGE_PX, MAX_PIXELS, SMALL_PX

QUALITY = 80
RESAMPLING = Resampling.HAMMING  # two thirds of the time of BICUBIC, above 39 dB from LANCZOS on phone photos
ORIENTATION = 0x0112  # Exif tag; values 1 to 8 as in Exif 3.0, 4.6.5.1.6
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


def render(original: bytes) -> tuple[bytes, bytes]:
    """The large and the small JPEG of a picture's first frame, upright, sRGB, with no metadata of any kind.

    Raises whatever the decoders raise, and ValueError if the picture turns out larger than its header said.
    """
    media_type = read_header(original).media_type
    source = OPENERS[media_type](BytesIO(original))
    _check_pixels(source)
    pixels = _shrunk(source, LARGE_PX)
    turn = TURNS.get(_orientation(source, media_type))  # only now: PNG may say it behind the pixels
    large = _in_srgb(pixels, source.info.get("icc_profile"))
    small = _shrunk(large.reduce(max(1, max(large.size) // SMALL_PX)), SMALL_PX)
    return _encoded(large, turn), _encoded(small, turn)


def load_common_decoders() -> None:
    """Load now what nearly every photo needs; WebP, AVIF and HEIF are loaded when one comes."""
    Image.preinit()


def _open_jpeg(file: BinaryIO) -> ImageFile:
    from PIL.JpegImagePlugin import JpegImageFile

    return JpegImageFile(file)


def _open_png(file: BinaryIO) -> ImageFile:
    from PIL.PngImagePlugin import PngImageFile

    return PngImageFile(file)


def _open_webp(file: BinaryIO) -> ImageFile:
    from PIL.WebPImagePlugin import WebPImageFile

    return WebPImageFile(file)


def _open_avif(file: BinaryIO) -> ImageFile:
    from PIL import AvifImagePlugin

    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # one photo may not take the whole machine
    return AvifImagePlugin.AvifImageFile(file)


def _open_heif(file: BinaryIO) -> ImageFile:
    from pi_heif import options
    from pi_heif.as_plugin import HeifImageFile

    options.DECODE_THREADS = 1
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    image: ImageFile = HeifImageFile(file)
    return image


# The one class that fits, not Image.open: nothing else is tried, and loading the other plugins takes as long as a
# photo. Pillow's own subclass for several pictures in one JPEG is left out with it: only the first is shown.
OPENERS: dict[MediaType, Callable[[BinaryIO], ImageFile]] = {
    "image/jpeg": _open_jpeg,
    "image/png": _open_png,
    "image/webp": _open_webp,
    "image/avif": _open_avif,
    "image/heif": _open_heif,
}


def _check_pixels(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise ValueError("more pixels than the header said")


def _orientation(image: Image.Image, media_type: MediaType) -> int:
    """How the picture has to be turned still; 1 for upright and for anything unreadable.

    HEIF: the decoder has already turned it (irot, imir), Exif only repeats that. AVIF: Pillow writes irot and imir
    into the Exif block; an orientation in the XMP text alone does not count there.
    """
    if media_type == "image/heif" or (media_type == "image/avif" and "exif" not in image.info):
        return 1
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:
        return 1  # broken Exif raises nearly everything, and the picture may be fine


def _shrunk(image: Image.Image, longest: int) -> Image.Image:
    """At most so many pixels at the longest side; never enlarged."""
    factor = min(1.0, longest / max(image.size))
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    image.draft(None, size)  # lets a JPEG decode at 1/2, 1/4 or 1/8; nothing for the others
    pixels = _in_plain_mode(image)
    _check_pixels(image)
    return pixels if pixels.size == size else pixels.resize(size, RESAMPLING, reducing_gap=2.0)


def _in_plain_mode(image: Image.Image) -> Image.Image:
    """In a mode that can be resized: no palette, no bitmap, 8 bits a channel."""
    image.load()
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode.startswith(("I", "F")):
        return image.point(lambda value: value * (1 / 256)).convert("L")  # convert alone would clip 16 bits to white
    return image.convert("L") if image.mode == "1" else image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Without transparency (on white) and in sRGB, which every screen assumes of a picture without a profile."""
    if image.mode in {"RGBA", "LA"}:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    if profile and not _is_srgb(profile):
        from PIL import ImageCms

        try:
            wide = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, wide, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return converted or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # broken, or made for another kind of picture: the plain colours are near enough
    return image.convert("RGB")


def _is_srgb(profile: bytes) -> bool:
    return b"sRGB" in profile or "sRGB".encode("utf-16-be") in profile


def _encoded(image: Image.Image, turn: Transpose | None) -> bytes:
    upright = image if turn is None else image.transpose(turn)
    upright.info = {}  # Pillow writes comments and more from here unasked
    file = BytesIO()
    upright.save(file, "JPEG", quality=QUALITY, exif=b"", comment=b"", icc_profile=None)
    return file.getvalue()
