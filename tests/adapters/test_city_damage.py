"""However a city's files are damaged, the reader tells it and never falls over."""

import re
import shutil
from pathlib import Path

import pytest

from maengelmelder.adapters.city_directory import inspect_city

KLEINSTADT = Path(__file__).parents[1] / "data" / "cities" / "kleinstadt"
FILES = sorted(path.relative_to(KLEINSTADT).as_posix() for path in KLEINSTADT.rglob("*") if path.is_file())
STRANGE = ["[a, {b: c}]", '{"type": {}}', "*a", "1e999", '"']
_WORD = re.compile(r"[^\s,:{}\[\]\"]+")


@pytest.mark.parametrize("file", FILES)
def test_any_line_may_be_missing(tmp_path: Path, file: str) -> None:
    town = Path(shutil.copytree(KLEINSTADT, tmp_path / "stadt"))
    lines = (town / file).read_text(encoding="utf-8").splitlines(keepends=True)
    for number in range(len(lines)):
        (town / file).write_text("".join(lines[:number] + lines[number + 1 :]), encoding="utf-8")
        inspection = inspect_city(town)
        assert (inspection.catalogue is None) == bool(inspection.errors)


@pytest.mark.parametrize("file", FILES)
def test_any_word_may_be_something_strange(tmp_path: Path, file: str) -> None:
    town = Path(shutil.copytree(KLEINSTADT, tmp_path / "stadt"))
    text = (town / file).read_text(encoding="utf-8")
    for number, word in enumerate(_WORD.finditer(text)):
        strange = STRANGE[number % len(STRANGE)]
        (town / file).write_text(text[: word.start()] + strange + text[word.end() :], encoding="utf-8")
        inspection = inspect_city(town)
        assert (inspection.catalogue is None) == bool(inspection.errors)
        assert all(problem.message and problem.line >= 0 for problem in inspection.errors + inspection.warnings)
