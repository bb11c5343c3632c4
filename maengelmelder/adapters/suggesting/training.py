"""Learning from the city's own tickets. Needs scikit-learn, which only this file asks for."""

import importlib
from array import array
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from maengelmelder.domain.learnt import Feature, Learnt, choose_features, vector_of
from maengelmelder.domain.word_stems import Stem

PENALTY = 0.1  # C of the support vector machine; chosen by cross-validation on Konstanz's reports of 2020 and 2021
SHARPNESS = 2.0
TRUST = 0.95
STEPS = 32_000  # weights become whole numbers of two bytes
SEED = 20260302


class LearningUnavailable(Exception):
    """scikit-learn is not installed."""


def learn(texts: Sequence[str], categories: Sequence[str], stem: Stem) -> Learnt:
    """A model of which category each text belongs to; raises LearningUnavailable."""
    features = choose_features(texts, stem)
    known = sorted(set(categories))
    machine = _fitted(texts, categories, features, stem)
    rows, start = _rows_of(machine, known)
    unit = max((abs(value) for row in rows for value in row), default=0.0) / STEPS or 1.0
    return Learnt(
        categories=tuple(known),
        features=features,
        weights=[array("h", (round(value / unit) for value in row)) for row in rows],
        start=tuple(round(value, 6) for value in start),
        unit=unit,
        sharpness=SHARPNESS,
        trust=TRUST,
    )


def split(categories: Sequence[str], folds: int) -> list[tuple[list[int], list[int]]]:
    """What to learn from and what to test on, `folds` times; every category is spread evenly over the tests."""
    order = list(range(len(categories)))
    Random(SEED).shuffle(order)  # noqa: S311 (figures that anybody can repeat, no secret)
    order.sort(key=lambda at: categories[at])
    tests = [sorted(order[fold::folds]) for fold in range(folds)]
    return [([at for other in tests if other is not test for at in other], test) for test in tests]


def _fitted(texts: Sequence[str], categories: Sequence[str], features: Mapping[str, Feature], stem: Stem) -> Any:
    svm = _installed("sklearn.svm")
    machine = svm.LinearSVC(C=PENALTY, random_state=SEED)
    return machine.fit(_matrix(texts, features, stem), list(categories))


def _matrix(texts: Sequence[str], features: Mapping[str, Feature], stem: Stem) -> Any:
    """The texts as rows of a sparse matrix, by the very function that serves."""
    values, columns, ends = array("d"), array("l"), array("l", [0])
    for text in texts:
        vector = vector_of(text, features, stem)
        values.extend(vector.values())
        columns.extend(vector.keys())
        ends.append(len(values))
    sparse = _installed("scipy.sparse")
    return sparse.csr_matrix((values, columns, ends), shape=(len(texts), len(features)))


def _rows_of(machine: Any, known: Sequence[str]) -> tuple[list[list[float]], list[float]]:
    """One row a feature; of two categories the machine keeps only what tells the second from the first."""
    weights, start = machine.coef_.T.tolist(), machine.intercept_.tolist()
    if len(known) == 2:
        weights, start = [[-row[0], row[0]] for row in weights], [-start[0], start[0]]
    return weights, start


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise LearningUnavailable(str(error)) from error
