"""Learning, keeping what was learnt as plain numbers, and using it at once."""

import json
import os
import pickle
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.adapters.suggesting.german import stem
from maengelmelder.adapters.suggesting.learnt_file import NAME, LearntUnreadable, read_learnt, write_learnt
from maengelmelder.adapters.suggesting.suggester import LocalSuggester
from maengelmelder.adapters.suggesting.training import LearningUnavailable, learn, split
from maengelmelder.adapters.suggesting.trial import try_out
from maengelmelder.domain.learnt import Learnt
from maengelmelder.domain.suggesting import Keywords, Suggestion
from maengelmelder.settings import ROOT

LANDSHUT = read_city(ROOT / "cities" / "landshut")
WORDS = {"laterne": "Funzel dunkel Nacht", "papierkorb": "Bottich proppenvoll Tonne", "baum": "Pappel schief Krone"}
EXAMPLES = [(f"{words} {'abcdefgh'[i % 8] * 3}", key) for i in range(8) for key, words in WORDS.items()]


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return learn([text for text, _ in EXAMPLES], [key for _, key in EXAMPLES], stem)


def best(suggester: LocalSuggester, text: str) -> Suggestion:
    return suggester.rank(LANDSHUT, text)[0]


def damaged(path: Path, **changes: Any) -> Path:
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")
    return path


def test_a_word_that_only_experience_knows_is_suggested_from_the_next_text_on(tmp_path: Path, learnt: Learnt) -> None:
    suggester = LocalSuggester(tmp_path)
    assert best(suggester, "Funzel").score == 0
    write_learnt(tmp_path / NAME, learnt, {})
    assert best(suggester, "Funzel").category == "laterne"


def test_the_model_is_left_as_soon_as_its_file_is(tmp_path: Path, learnt: Learnt) -> None:
    write_learnt(tmp_path / NAME, learnt, {})
    suggester = LocalSuggester(tmp_path)
    assert best(suggester, "Funzel").score > 0
    (tmp_path / NAME).unlink()
    assert best(suggester, "Funzel").score == 0


def test_what_was_learnt_is_read_back_as_it_was(tmp_path: Path, learnt: Learnt) -> None:
    write_learnt(tmp_path / "new" / NAME, learnt, {"tickets": 24})
    assert read_learnt(tmp_path / "new" / NAME) == learnt
    assert (tmp_path / "new" / NAME).stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == [NAME]


def test_two_categories_are_enough(tmp_path: Path) -> None:
    two = [(text, key) for text, key in EXAMPLES if key != "baum"]
    learnt = learn([text for text, _ in two], [key for _, key in two], stem)
    assert max(learnt.shares("dunkle Funzel", stem).items(), key=lambda item: item[1])[0] == "laterne"
    assert max(learnt.shares("Tonne quillt", stem).items(), key=lambda item: item[1])[0] == "papierkorb"


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"weights": []},
        {"weights": [[1, 2]]},
        {"weights": "x"},
        {"start": [0.0]},
        {"start": [float("nan")] * 3},
        {"unit": 1e300},
        {"trust": 2},
        {"categories": ["a", "a", "a"]},
        {"rarities": None},
        {"features": {}},
    ],
)
def test_a_damaged_file_is_noticed_and_the_keywords_serve(
    tmp_path: Path, learnt: Learnt, changes: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    write_learnt(tmp_path / NAME, learnt, {})
    with pytest.raises(LearntUnreadable):
        read_learnt(damaged(tmp_path / NAME, **changes))
    assert best(LocalSuggester(tmp_path), "Ampel").category == "ampel"
    assert "suggestions_unreadable" in capsys.readouterr().out


class Evil:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("ran",)


@pytest.mark.parametrize("content", [pickle.dumps(Evil()), b"", b"[" * 100_000, b"null", b"\xff\xfe"])
def test_a_file_that_is_something_else_runs_nothing(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / NAME).write_bytes(content)
    assert best(LocalSuggester(tmp_path), "Ampel").category == "ampel"
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_serving_loads_no_learning_package(tmp_path: Path, learnt: Learnt) -> None:
    write_learnt(tmp_path / NAME, learnt, {})
    for module in ("suggester", "learnt_file", "german"):
        source = (ROOT / "maengelmelder" / "adapters" / "suggesting" / f"{module}.py").read_text(encoding="utf-8")
        assert not {"numpy", "scipy", "sklearn", "pickle"} & set(source.replace(".", " ").split())


def test_learning_without_scikit_learn_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    with pytest.raises(LearningUnavailable):
        learn([text for text, _ in EXAMPLES], [key for _, key in EXAMPLES], stem)


def test_learning_twice_gives_the_same_numbers(learnt: Learnt) -> None:
    assert learn([text for text, _ in EXAMPLES], [key for _, key in EXAMPLES], stem) == learnt


def test_nothing_is_tested_that_was_taught_and_everything_once() -> None:
    categories = [key for _, key in EXAMPLES] + ["rare"]
    folds = split(categories, 5)
    assert sorted(at for _, tested in folds for at in tested) == list(range(len(categories)))
    assert all(not set(taught) & set(tested) for taught, tested in folds)


def test_a_trial_tells_experience_from_the_keywords() -> None:
    trial = try_out(EXAMPLES[:18], EXAMPLES[18:], Keywords.of(LANDSHUT, stem))
    assert trial.learnt.first_share == 1.0
    assert trial.keywords.first_share < 1.0
    assert trial.frequent.among_share == 1.0
    assert trial.frequent.first_share == pytest.approx(1 / 3)


def test_a_suggestion_for_the_longest_text_is_quick(tmp_path: Path, learnt: Learnt) -> None:
    write_learnt(tmp_path / NAME, learnt, {})
    suggester = LocalSuggester(tmp_path)
    suggester.rank(LANDSHUT, "")
    for text in ("Straßenlaterne kaputt " * 200, "laternenpfahl" * 307, "a-" * 2000, "x@" * 2000):
        started = time.process_time()
        suggester.rank(LANDSHUT, text)
        assert time.process_time() - started < 0.05, text[:20]
