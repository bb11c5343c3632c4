"""`areas.yaml`: the city's boundary, its neighbours, its districts, and where which department is responsible."""

from collections.abc import Iterator
from typing import get_args

from maengelmelder.adapters.city_directory.fields import Fields
from maengelmelder.adapters.city_directory.geojson import Feature, merge, read_features
from maengelmelder.adapters.city_directory.keys import is_key, slug
from maengelmelder.adapters.city_directory.nodes import Entry, Node, Scalar, Table
from maengelmelder.adapters.city_directory.problems import suggest
from maengelmelder.adapters.city_directory.reading import MAX_GEOJSON_BYTES, Reading
from maengelmelder.domain.catalogue import Area, AreaKind
from maengelmelder.domain.places import Geometry

MAX_NAME = 200
KINDS: tuple[AreaKind, ...] = get_args(AreaKind)


def read_areas(reading: Reading, node: Node | None) -> dict[str, Area]:
    """The areas by key; without `areas.yaml` there are none, and every place counts as inside."""
    areas: dict[str, Area] = {}
    if node is not None:
        with reading.fields(node) as file:
            for entry in reading.named(file.entries("areas")):
                areas[entry.key.value] = _area(reading, entry)
            for row in file.rows("collections"):
                _add_collection(reading, row, areas)
            _check_boundary(file, areas)
    if node is not None or not reading.has("areas.yaml"):
        reading.references.declare("Gebiet", areas)
    return areas


def _area(reading: Reading, entry: Entry) -> Area:
    key = entry.key.value
    with reading.fields(entry.node, f'Gebiet "{key}"') as fields:
        area = Area(
            key=key,
            name=reading.texts.of(("areas", key), fields.needed("name")),
            kind=fields.choice("kind", KINDS, "responsibility"),
            geometry=_geometry(_features(reading, fields)),
            buffer_m=fields.metres("buffer_m", 0.0, 1000),
            designation=fields.text("designation", limit=40),
        )
        _check_geometry(fields, area)
        return area


def _features(reading: Reading, fields: Fields) -> list[Feature]:
    scalar = fields.scalar("file")
    file = None if scalar is None else reading.file(scalar)
    text = None if file is None else reading.text(file, MAX_GEOJSON_BYTES)
    return [] if file is None or text is None else read_features(file, text, reading.findings)


def _geometry(features: list[Feature]) -> Geometry | None:
    return merge(features) if features else None


def _check_geometry(fields: Fields, area: Area) -> None:
    if area.geometry is None:
        return
    if area.geometry.lines and not area.buffer_m:
        message = 'Ein Gebiet aus Linien braucht "buffer_m": wie viele Meter zu beiden Seiten dazugehören.'
        fields.error(fields.spot, message)
    if area.kind == "boundary" and not area.geometry.polygons:
        fields.error(fields.spot_of("file"), "Die Stadtgrenze muss eine Fläche sein (Polygon), keine Linie.")


def _check_boundary(file: Fields, areas: dict[str, Area]) -> None:
    boundaries = [key for key, area in areas.items() if area.kind == "boundary"]
    if len(boundaries) > 1:
        file.error(file.spot, f"Es gibt mehr als eine Stadtgrenze (kind: boundary): {', '.join(boundaries)}.")


def _add_collection(reading: Reading, row: Table, areas: dict[str, Area]) -> None:
    """Areas from one file with many features; features of the same name become one area."""
    with reading.fields(row, "Sammlung (collections)") as fields:
        kind = fields.choice("kind", KINDS, "responsibility")
        buffer_m = fields.metres("buffer_m", 0.0, 1000)
        for key, name, designation, features in _by_name(fields, _features(reading, fields)):
            if key in areas:
                fields.error(features[0].spot, f'Das Gebiet "{key}" gibt es schon. Mit "prefix" wird es eindeutig.')
                continue
            label = reading.texts.of(("areas", key), name)
            areas[key] = Area(key, label, kind, merge(features), buffer_m, designation)
            _check_geometry(fields, areas[key])


def _by_name(fields: Fields, features: list[Feature]) -> Iterator[tuple[str, str, str, list[Feature]]]:
    """Key, name, designation and features, one by one; `name`, `designation` and `prefix` are read here."""
    property_name, prefix = fields.needed("name"), fields.text("prefix", limit=40)
    property_designation = fields.text("designation")
    if fields.scalar("file") is None:
        fields.error(fields.spot, '"file" fehlt.')
    named: dict[str, list[Feature]] = {}
    for feature in features:
        name = _property(fields, feature, property_name)
        if name:
            named.setdefault(name, []).append(feature)
    for name, group in named.items():
        key = Scalar(group[0].spot, f"{prefix}{slug(name)}")
        if is_key(key, fields.findings):
            designation = _property(fields, group[0], property_designation) if property_designation else ""
            yield key.value, name, designation, group


def _property(fields: Fields, feature: Feature, name: str) -> str:
    value = feature.properties.get(name)
    if isinstance(value, str) and 0 < len(value.strip()) <= MAX_NAME:
        return value.strip()
    hint = suggest(name, feature.properties)
    fields.error(feature.spot, f'Hier fehlt die Eigenschaft "{name}" als kurzer Text.{hint}')
    return ""
