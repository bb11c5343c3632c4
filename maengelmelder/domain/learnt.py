"""What the city has learnt from its own tickets: a linear model over word stems and pieces of words, as numbers.

Serving needs additions only; `maengelmelder learn` finds the numbers.
"""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import add

from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.reports import find_category
from maengelmelder.domain.word_stems import Stem, stems_in, words_in

LEAST_TICKETS = 3  # what fewer tickets hold is not learnt: it may be somebody's name
MOST_FEATURES = 30_000
PIECES = (3, 4, 5)  # letters
STEMS, LETTERS = "w", "c"  # the two kinds of feature, each of length 1 in every text


@dataclass(frozen=True)
class Feature:
    """A stem or a piece of a word: its column, and how rare it is (inverse document frequency)."""

    column: int
    rarity: float


@dataclass(frozen=True)
class Learnt:
    """The model. `weights` holds one row a feature with one whole number a category, in units of `unit`.

    sharpness: how far scores are spread before they become shares. trust: its part beside the keywords.
    """

    categories: tuple[str, ...]
    features: Mapping[str, Feature]
    weights: Sequence["array[int]"]  # Python 3.11 cannot subscribe array when it runs
    start: tuple[float, ...]
    unit: float
    sharpness: float
    trust: float

    def shares(self, text: str, stem: Stem) -> dict[str, float]:
        """How likely each category is; nothing at all when the text holds nothing that was learnt."""
        vector = vector_of(text, self.features, stem)
        if not vector:
            return {}
        sums = [0.0] * len(self.categories)
        for column, value in vector.items():
            sums = list(map(add, sums, map((value * self.unit).__mul__, self.weights[column])))
        return dict(zip(self.categories, _softmax(map(add, self.start, sums), self.sharpness), strict=True))


def counts_of(text: str, stem: Stem) -> dict[str, Counter[str]]:
    """How often each stem and each piece of a word stands in the text."""
    stems = Counter(f"{STEMS}:{one}" for one in stems_in(text, stem))
    pieces: Counter[str] = Counter()
    for word, times in Counter(words_in(text)).items():
        edged = f" {word} "
        for length in PIECES:
            for start in range(len(edged) - length + 1):
                pieces[f"{LETTERS}:{edged[start : start + length]}"] += times
    return {STEMS: stems, LETTERS: pieces}


def choose_features(texts: Iterable[str], stem: Stem) -> dict[str, Feature]:
    """What is learnt from: at most `MOST_FEATURES`, each from `LEAST_TICKETS` texts at least. One text a ticket."""
    seen: Counter[str] = Counter()
    total = 0
    for text in texts:
        total += 1
        for counts in counts_of(text, stem).values():
            seen.update(counts.keys())
    often = sorted(((-times, name) for name, times in seen.items() if times >= LEAST_TICKETS))[:MOST_FEATURES]
    return {
        name: Feature(column, round(math.log((1 + total) / (1 - times)) + 1, 4))
        for column, (times, name) in enumerate(often)
    }


def vector_of(text: str, features: Mapping[str, Feature], stem: Stem) -> dict[int, float]:
    """The text as numbers by column: rarity times the logarithm of the count, both kinds with length 1."""
    vector: dict[int, float] = {}
    for counts in counts_of(text, stem).values():
        found = [(features[name], times) for name, times in counts.items() if name in features]
        values = {feature.column: feature.rarity * (1 + math.log(times)) for feature, times in found}
        length = math.sqrt(sum(value * value for value in values.values()))
        vector |= {column: value / length for column, value in values.items()}
    return vector


def move_to_successors(shares: Mapping[str, float], catalogue: Catalogue) -> dict[str, float]:
    """The shares of retired categories given to those that took over; what the city does not know is dropped."""
    moved: dict[str, float] = {}
    for key, share in shares.items():
        if category := find_category(catalogue, key):
            moved[category.key] = moved.get(category.key, 0.0) + share
    return moved


def _softmax(scores: Iterable[float], sharpness: float) -> list[float]:
    spread = [score * sharpness for score in scores]
    highest = max(spread, default=0.0)
    powers = [math.exp(score - highest) for score in spread]
    total = sum(powers)
    return [power / total for power in powers]
