"""`city.yaml`: the city itself."""

import base64
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from maengelmelder.adapters.city_directory.fields import Fields
from maengelmelder.adapters.city_directory.keys import is_key
from maengelmelder.adapters.city_directory.nodes import Node, Scalar, Table
from maengelmelder.adapters.city_directory.problems import suggest
from maengelmelder.adapters.city_directory.reading import Reading
from maengelmelder.domain.city import City, Holidays, Text
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import Place, place_of

FORMAT_VERSION = "1"
MIN_CONTRAST = 5.0  # WCAG 2.2, 1.4.3 asks for 4.5, and some of our grounds are a little darker than white
MOST_CREST_BYTES = 60_000  # as much as the whole report page may weigh
IMAGE_TYPES = (".svg", ".png", ".webp")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def read_city_file(reading: Reading, node: Node) -> City:
    """The city; a placeholder stands for what is wrong, which is reported."""
    defaults = City("stadt", Text("Stadt"))
    with reading.fields(node) as fields:
        _check_version(fields)
        return City(
            key=_key(reading, fields),
            name=reading.texts.of(("city", "name"), fields.needed("name")),
            timezone=_timezone(fields, defaults.timezone),
            ags=_ags(fields),
            accent=_accent(fields, defaults.accent),
            crest=(crest := _crest(reading, fields)),
            crest_image=_image(reading, fields, crest),
            desk=_desk(reading, fields, defaults.desk),
            boundary_margin_m=fields.metres("boundary_margin_m", defaults.boundary_margin_m, 10_000),
            centre=_centre(reading, fields),
            attribution=fields.text("attribution", limit=500),
            holidays=_holidays(reading, fields),
        )


def _check_version(fields: Fields) -> None:
    version = fields.text("version", FORMAT_VERSION)
    if version != FORMAT_VERSION:
        spot = fields.spot_of("version")
        fields.error(spot, f'Das Format "{version}" ist unbekannt. Dieses Programm liest Format {FORMAT_VERSION}.')


def _key(reading: Reading, fields: Fields) -> str:
    key = fields.needed("key", limit=40)
    if key:
        is_key(Scalar(fields.spot_of("key"), key), reading.findings)
    return key


def _timezone(fields: Fields, default: str) -> str:
    timezone = fields.text("timezone", default)
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zones = sorted(available_timezones())
        if zones:  # a machine without time zone data can judge none
            hint = suggest(timezone, zones)
            fields.error(fields.spot_of("timezone"), f'Die Zeitzone "{timezone}" gibt es nicht.{hint}')
    return timezone


def _ags(fields: Fields) -> str:
    ags = fields.text("ags")
    if ags and not re.fullmatch(r"[0-9]{8}", ags):
        fields.error(fields.spot_of("ags"), f'Der Gemeindeschlüssel hat acht Ziffern, nicht "{ags}".')
    return ags


def _accent(fields: Fields, default: str) -> str:
    accent = fields.text("accent", default)
    if not _COLOUR.fullmatch(accent):
        message = f'"{accent}" ist keine Farbe. Erwartet wird die Form "#00528A", in Anführungszeichen.'
        fields.error(fields.spot_of("accent"), message)
    elif (contrast := contrast_on_white(accent)) < MIN_CONTRAST:
        ratio = str(round(contrast, 1)).replace(".", ",")
        message = f"Die Farbe hat auf Weiß nur den Kontrast {ratio} zu 1, nötig sind 5 zu 1."
        fields.warn(fields.spot_of("accent"), message)
    return accent


def contrast_on_white(colour: str) -> float:
    """Contrast of `#rrggbb` with white, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def _crest(reading: Reading, fields: Fields) -> str:
    scalar = fields.scalar("crest")
    if scalar is None:
        return ""
    if not scalar.value.lower().endswith(IMAGE_TYPES):
        fields.error(scalar.spot, f"Das Wappen muss eine Datei {', '.join(IMAGE_TYPES)} sein.")
    return reading.file(scalar) or ""


def _image(reading: Reading, fields: Fields, crest: str) -> str:
    image = (reading.directory / crest).read_bytes() if crest else b""
    if len(image) > MOST_CREST_BYTES:
        kilobytes = MOST_CREST_BYTES // 1000
        fields.error(fields.spot_of("crest"), f"Das Wappen ist größer als {kilobytes} kB; jede Seite zeigt es.")
    return base64.b64encode(image).decode()


def _desk(reading: Reading, fields: Fields, default: str) -> str:
    scalar = fields.scalar("desk") or Scalar(fields.spot, default)
    return reading.references.expect("Dienststelle", scalar, "Redaktion (desk)")


def _centre(reading: Reading, fields: Fields) -> Place | None:
    node = fields.node("centre")
    if node is None:
        return None
    with reading.fields(node, "Mittelpunkt (centre)") as centre:
        lon, lat = centre.needed("lon"), centre.needed("lat")
        if not (isinstance(node, Table) and lon and lat):
            return None
        try:
            return place_of(lon, lat)
        except Refusal as refusal:
            centre.error(centre.spot_of(refusal.field or ""), "Das ist keine Angabe in Grad (WGS 84).")
            return None


def _holidays(reading: Reading, fields: Fields) -> Holidays:
    node = fields.node("holidays")
    if node is None:
        return Holidays()
    with reading.fields(node, "Feiertage (holidays)") as holidays:
        kinds = tuple(word.value for word in holidays.words("categories"))
        return Holidays(
            country=holidays.text("country", Holidays.country, limit=2),
            subdivision=holidays.text("subdivision", limit=3),
            categories=kinds or Holidays.categories,
        )
