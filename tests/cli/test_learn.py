"""`learn`: from the city's own tickets to better suggestions, with honest figures."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from maengelmelder.settings import ROOT
from tests.cli.conftest import Shell

MAPPING = """
source: old
columns: {id: id, description: text, lon: lon, lat: lat, category: category, reported: at}
"""
WORDS = {
    "laterne": "Funzel trüb",
    "papierkorb": "Bottich proppenvoll",
    "baum": "Pappel schief",
    "ampel": "Wartezeit dauert",
}
FILLERS = ("gestern", "heute", "seit Montag", "am Eck", "beim Bäcker", "nachts", "vor der Schule", "am Bach")


def old_reports() -> str:
    """Eighty reports in words that the catalogue does not know."""
    lines = ["id,text,lon,lat,category,at"]
    texts = [(f"{words} {a} {b}", key) for a in FILLERS for b in FILLERS[:3] for key, words in WORDS.items()]
    for at, (text, key) in enumerate(texts):
        lines.append(f"{at},{text},12.1522,48.5369,{key},2025-0{1 + at % 9}-03 10:00:00")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def taught(new_shell: Callable[[], Shell]) -> Shell:
    shell = new_shell()
    assert shell.run("city", "load", ROOT / "cities" / "landshut").code == 0
    done = shell.run("import", shell.write("old.csv", old_reports()), "--mapping", shell.write("m.yaml", MAPPING))
    assert done.code == 0, done.out + done.err
    return shell


def model(shell: Shell) -> Path:
    return shell.directory / "suggestions" / "learnt.json"


def test_too_few_tickets_teach_nothing(taught: Shell) -> None:
    done = taught.run("learn")
    assert (done.code, "too few; at least 200" in done.err) == (1, True)
    assert not model(taught).exists()


def test_a_missing_package_is_named_with_what_to_install(taught: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    done = taught.run("learn", "--min-tickets", "50")
    assert done.code == 1
    assert "scikit-learn is missing" in done.err
    assert "requirements-learn.txt" in done.err
    assert not model(taught).exists()


def test_learning_says_how_good_it_is_beside_what_is_simpler(taught: Shell) -> None:
    done = taught.run("learn", "--min-tickets", "50")
    assert done.code == 0, done.err
    for words in ("5-fold cross-validation, 96 tickets", "earlier 80% teach", "most frequent", "keywords of the cat"):
        assert words in done.out
    assert "keywords and what was learnt                     100.0%  100.0%" in done.out
    assert json.loads(model(taught).read_text(encoding="utf-8"))["notes"]["tickets"] == 96


def test_the_past_is_told_from_what_was_suggested_then(shell: Shell) -> None:
    empty = shell.run("learn", "--report")
    assert (empty.code, "0 reports with a text" in empty.out) == (0, True)


def test_imported_reports_were_never_suggested_anything(taught: Shell) -> None:
    assert taught.ask("SELECT count(*) FROM reports WHERE suggested IS NOT NULL") == 0
