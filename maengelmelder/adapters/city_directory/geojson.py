"""GeoJSON files (RFC 7946) as features with the line they begin in."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from maengelmelder.adapters.city_directory.problems import Findings, Spot
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import Geometry, geometry_of

GERMANY = (5.8, 47.2, 15.1, 55.1)  # west, south, east, north in degrees, a little generous
REASONS = {
    "geometry_type": "Die Geometrie muss Polygon, MultiPolygon, LineString oder MultiLineString sein, nicht {type}.",
    "geometry_ring": "Ein Ring oder eine Linie ist fehlerhaft: zu wenige Punkte, oder der Ring ist nicht geschlossen.",
    "place_not_a_number": "Eine Koordinate ist keine Zahl.",
    "place_out_of_range": "Die Koordinaten sind keine Grad. Erwartet wird WGS 84 (EPSG:4326), zuerst die Länge.",
}
_FEATURES = re.compile(r'"features"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")


@dataclass(frozen=True)
class Feature:
    """A geometry with its properties."""

    spot: Spot
    properties: Mapping[str, Any]
    geometry: Geometry


def read_features(file: str, text: str, findings: Findings) -> list[Feature]:
    """The features of a FeatureCollection, of one Feature, or of a bare geometry; what is wrong is reported."""
    content = _parse(file, text, findings)
    features = []
    for line, item in _items(content, text):
        feature = _feature(Spot(file, line), item, findings)
        if feature is not None:
            features.append(feature)
    if not features and not any(problem.file == file for problem in findings.errors):
        findings.error(Spot(file), "Die Datei enthält keine Flächen oder Linien.")
    return features


def merge(features: list[Feature]) -> Geometry:
    """All features as one geometry."""
    polygons = tuple(polygon for feature in features for polygon in feature.geometry.polygons)
    return Geometry(polygons, tuple(line for feature in features for line in feature.geometry.lines))


def _parse(file: str, text: str, findings: Findings) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        findings.error(Spot(file, error.lineno), f"Das ist kein gültiges JSON ({error.msg}, Spalte {error.colno}).")
    except ValueError as error:
        findings.error(Spot(file), f"Das ist kein gültiges JSON ({error}).")
    except RecursionError:
        findings.error(Spot(file), "Die Angaben sind zu tief ineinander verschachtelt.")
    return None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} ist keine Zahl")


def _items(content: Any, text: str) -> Iterator[tuple[int, Any]]:
    if not isinstance(content, dict):
        return
    features = content.get("features")
    if content.get("type") == "FeatureCollection" and isinstance(features, list):
        lines = _feature_lines(text)
        yield from ((next(lines, 1), item) for item in features)
    else:
        yield 1, content


def _feature_lines(text: str) -> Iterator[int]:
    start = _FEATURES.search(text)
    if start is None:
        return
    decoder, position = json.JSONDecoder(), start.end()
    while (gap := _GAP.match(text, position)) and text[gap.end()] != "]":
        yield text.count("\n", 0, gap.end()) + 1
        _, position = decoder.raw_decode(text, gap.end())


def _feature(spot: Spot, item: Any, findings: Findings) -> Feature | None:
    is_feature = isinstance(item, dict) and item.get("type") == "Feature"
    geometry = item.get("geometry") if is_feature else item
    properties = (item.get("properties") or {}) if is_feature else {}
    if not isinstance(geometry, dict) or not isinstance(properties, dict):
        findings.error(spot, "Das ist kein GeoJSON-Objekt mit Geometrie.")
        return None
    try:
        feature = Feature(spot, properties, geometry_of(geometry))
    except Refusal as refusal:
        findings.error(spot, REASONS[refusal.code].format(**refusal.params))
        return None
    except (AttributeError, KeyError, TypeError):  # objects or texts where RFC 7946 wants lists
        findings.error(spot, REASONS["geometry_ring"])
        return None
    _look_where(feature, findings)
    return feature


def _look_where(feature: Feature, findings: Findings) -> None:
    west, south, east, north = feature.geometry.bounds
    if GERMANY[0] <= west and south >= GERMANY[1] and east <= GERMANY[2] and north <= GERMANY[3]:
        return
    swapped = GERMANY[0] <= south and north <= GERMANY[2] and GERMANY[1] <= west and east <= GERMANY[3]
    advice = "Länge und Breite sind wohl vertauscht." if swapped else "Ist das gewollt?"
    findings.warn(feature.spot, f"Die Koordinaten liegen nicht in Deutschland. {advice}")
