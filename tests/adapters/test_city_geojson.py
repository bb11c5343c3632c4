"""GeoJSON of the city: what can be drawn is drawn, what is broken is told with its line."""

import json
from typing import Any

import pytest

from maengelmelder.adapters.city_directory.geojson import Feature, merge, read_features
from maengelmelder.adapters.city_directory.problems import Findings
from maengelmelder.domain.places import Place

SQUARE = [[[10.0, 52.0], [10.1, 52.0], [10.1, 52.1], [10.0, 52.1], [10.0, 52.0]]]


def read(content: str | dict[str, Any]) -> tuple[list[Feature], list[str], list[str]]:
    findings = Findings()
    text = content if isinstance(content, str) else json.dumps(content)
    features = read_features("a.geojson", text, findings)
    return features, [str(problem) for problem in findings.errors], [str(warning) for warning in findings.warnings]


def feature(geometry: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": "x"}, "geometry": geometry}


def polygon(ring: object) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_geometry_a_feature_and_a_collection_are_all_read() -> None:
    bare = {"type": "Polygon", "coordinates": SQUARE}
    line = {"type": "LineString", "coordinates": [[10.2, 52.0], [10.3, 52.0]]}
    for content, count in (
        (bare, 1),
        (feature(bare), 1),
        ({"type": "FeatureCollection", "features": [feature(bare), feature(line)]}, 2),
    ):
        features, errors, warnings = read(content)
        assert (len(features), errors, warnings) == (count, [], [])
        assert merge(features).is_within(Place(10.05, 52.05))


def test_every_feature_knows_its_line() -> None:
    one = json.dumps(feature({"type": "Polygon", "coordinates": SQUARE}))
    broken = json.dumps(feature({"type": "Point", "coordinates": [10, 52]}))
    text = '{"type": "FeatureCollection",\n"features": [\n' + one + ",\n" + broken + ",\n\n" + one + "\n]}"
    features, errors, _ = read(text)
    assert [item.spot.line for item in features] == [3, 6]
    assert errors == [
        "a.geojson:4: Die Geometrie muss Polygon, MultiPolygon, LineString oder MultiLineString sein, nicht Point."
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "kein gültiges JSON"),
        ('{"type": "Polygon",\n "coordinates": [[10,]]}', "a.geojson:2: Das ist kein gültiges JSON"),
        ("[" * 100_000, "verschachtelt"),
        ('{"type": "LineString", "coordinates": [[NaN, 52], [10, 52]]}', "NaN ist keine Zahl"),
        ("[]", "enthält keine Flächen oder Linien"),
        ("null", "enthält keine Flächen oder Linien"),
        ({"type": "FeatureCollection", "features": []}, "enthält keine Flächen oder Linien"),
        ({"type": "FeatureCollection", "features": [1]}, "kein GeoJSON-Objekt"),
        (feature(None), "kein GeoJSON-Objekt"),
        ({"type": "Feature", "properties": [], "geometry": {"type": "Polygon", "coordinates": SQUARE}, "x": 1}, None),
        (polygon(SQUARE[0][:-1]), "nicht geschlossen"),
        (polygon([[10, 52], [10, 52]]), "zu wenige Punkte"),
        (polygon([{"lon": 10}, {"lon": 10}, {"lon": 10}, {"lon": 10}]), "zu wenige Punkte"),
        (polygon([None, None, None, None]), "zu wenige Punkte"),
        (polygon("abcd"), "Ring oder eine Linie"),
        ({"type": "GeometryCollection", "geometries": []}, "nicht GeometryCollection"),
        (polygon([[4489000, 5378000]] * 4), "keine Grad"),
        (polygon([["hier", 52]] * 4), "keine Zahl"),
        ('{"type": "LineString", "coordinates": [[1e999, 52], [10, 52]]}', "keine Zahl"),
        ('{"type": "LineString", "coordinates": [[' + "9" * 5000 + ", 52], [10, 52]]}", "kein gültiges JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told(content: str | dict[str, Any], said: str | None) -> None:
    features, errors, _ = read(content)
    if said is None:
        assert (len(features), errors) == (1, [])
    else:
        assert features == []
        assert len(errors) == 1
        assert said in errors[0]


def test_swapped_coordinates_are_suspected() -> None:
    swapped = [[lat, lon] for lon, lat in SQUARE[0]]
    _, errors, warnings = read(polygon(swapped))
    assert errors == []
    assert warnings == [
        "a.geojson:1: Die Koordinaten liegen nicht in Deutschland. Länge und Breite sind wohl vertauscht."
    ]


def test_another_country_is_only_asked_about() -> None:
    paris = [[lon - 8, lat - 3] for lon, lat in SQUARE[0]]
    features, errors, warnings = read(polygon(paris))
    assert (len(features), errors) == (1, [])
    assert warnings == ["a.geojson:1: Die Koordinaten liegen nicht in Deutschland. Ist das gewollt?"]
