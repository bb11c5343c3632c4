"""What `docs/city.md` shows an administrator can be loaded as it stands."""

import re
from pathlib import Path

from maengelmelder.adapters.city_directory import inspect_city

MANUAL = Path(__file__).parents[2] / "docs" / "city.md"
SHAPE = (
    '{"type": "Feature", "properties": {"%s": "Ort", "BEZ": "Markt"},'
    ' "geometry": {"type": "Polygon", "coordinates": %s}}'
)
SQUARE = "[[[12.1, 48.5], [12.2, 48.5], [12.2, 48.6], [12.1, 48.6], [12.1, 48.5]]]"
SHAPES = {
    "boundary.geojson": "GEN",
    "neighbours.geojson": "GEN",
    "areas/bundesstrassen.geojson": "GEN",
    "areas/ortsteile.geojson": "ORTSTEIL",
}


def test_the_examples_of_the_manual_make_a_city(tmp_path: Path) -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    examples = re.findall(r"^## `([a-z]+\.yaml)`.*?```yaml\n(.*?)```", manual, re.DOTALL | re.MULTILINE)
    assert [file for file, _ in examples] == [
        "city.yaml", "departments.yaml", "catalogue.yaml", "areas.yaml", "emergency.yaml", "en.yaml",
    ]  # fmt: skip
    (tmp_path / "areas").mkdir()
    for file, text in examples:
        (tmp_path / file).write_text(text, encoding="utf-8")
    for file, name in SHAPES.items():
        (tmp_path / file).write_text(SHAPE % (name, SQUARE), encoding="utf-8")
    (tmp_path / "wappen.svg").write_text("<svg/>", encoding="utf-8")
    inspection = inspect_city(tmp_path)
    assert [str(problem) for problem in inspection.errors] == []
    assert inspection.catalogue is not None
    category = inspection.catalogue.categories["schlagloch"]
    assert category.questions[0].options[1].label.in_language("en") == "bigger"
    assert inspection.catalogue.areas["gemeinde_ort"].designation == "Markt"
