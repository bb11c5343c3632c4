"""Which category a text speaks of, by the catalogue's own words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from maengelmelder.domain.catalogue import Catalogue, Category
from maengelmelder.domain.city import Text
from maengelmelder.domain.word_stems import Stem, stems_in

MOST_SUGGESTED = 3
LEAST_SCORE = 0.02  # below it a suggestion is a guess; three of forty categories by chance have 0.025 each

KEYWORD, NAME, OPTION, GROUP = 3.0, 3.0, 1.0, 0.5  # how much a word says, by where the catalogue has it
PART_OF_WORD, END_OF_TERM = 0.7, 0.5  # Laterne in Straßenlaternen; Laterne where the catalogue says Straßenlaterne
DOUBT = 0.5  # evidence of this weight counts half
LEAST_PART = 5  # letters of a stem that may stand inside another word
LEAST_EDGE, LEAST_AROUND = 4, 7  # a shorter one only at the word's edge: Loch in Schlagloch


@dataclass(frozen=True)
class Suggestion:
    """A category that can be reported, and how well it fits: from 0 (not at all) to 1."""

    category: str
    score: float


@dataclass(frozen=True)
class Keywords:
    """The catalogue's words: for every stem the categories that know it, each with the weight it has there."""

    categories: tuple[str, ...]
    terms: Mapping[str, Mapping[str, float]]
    ends: Mapping[str, tuple[str, ...]]
    stem: Stem

    @classmethod
    def of(cls, catalogue: Catalogue, stem: Stem) -> Self:
        """The words of every category that can be reported now."""
        terms: dict[str, dict[str, float]] = defaultdict(dict)
        active = [category for category in catalogue.categories.values() if category.active]
        for category in active:
            for term, weight in _terms_of(catalogue, category, stem):
                terms[term][category.key] = max(weight, terms[term].get(category.key, 0.0))
        return cls(tuple(category.key for category in active), terms, _ends_of(terms), stem)

    def shares(self, text: str) -> dict[str, float]:
        """How the text's words are divided among the categories, together below 1: little evidence is doubtful."""
        sums = dict.fromkeys(self.categories, 0.0)
        for word in dict.fromkeys(stems_in(text, self.stem)):
            for category, weight in self._weigh(word).items():
                sums[category] += weight
        total = sum(sums.values())
        return {key: value / (total + DOUBT) for key, value in sums.items()}

    def _weigh(self, word: str) -> dict[str, float]:
        """What one word says about each category. One that many categories know says little about each."""
        best: dict[str, float] = {}
        for term, fit in self._find_terms(word):
            for category, weight in self.terms[term].items():
                best[category] = max(best.get(category, 0.0), fit * weight)
        return {category: weight / len(best) for category, weight in best.items()}

    def _find_terms(self, word: str) -> Iterator[tuple[str, float]]:
        if word in self.terms:
            yield word, 1.0
        yield from ((part, PART_OF_WORD) for part in _parts_of(word) if part != word and part in self.terms)
        yield from ((term, END_OF_TERM) for term in self.ends.get(word, ()))


def rank(shares: Mapping[str, float]) -> tuple[Suggestion, ...]:
    """Every category, the best first; equal ones in the city's order."""
    return tuple(
        Suggestion(category, round(min(1.0, max(0.0, share)), 4))
        for category, share in sorted(shares.items(), key=lambda item: -item[1])
    )


def suggest(ranked: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
    """At most three, and none that hardly fits."""
    return tuple(one for one in ranked[:MOST_SUGGESTED] if one.score >= LEAST_SCORE)


def combine(keywords: Mapping[str, float], learnt: Mapping[str, float], trust: float) -> dict[str, float]:
    """Keywords and experience together; `trust` in experience from 0 to 1.

    Where the text holds no word of the catalogue, or none that was learnt, the other one decides alone.
    """
    if not any(learnt.values()):
        return dict(keywords)
    if not any(keywords.values()):
        trust = 1.0
    return {key: trust * learnt.get(key, 0.0) + (1 - trust) * share for key, share in keywords.items()}


def _terms_of(catalogue: Catalogue, category: Category, stem: Stem) -> Iterator[tuple[str, float]]:
    group = catalogue.groups.get(category.group)
    places = [
        (KEYWORD, (*category.keywords, *(word for words in category.other_keywords.values() for word in words))),
        (NAME, _languages(category.name)),
        (OPTION, [word for q in category.questions for option in q.options for word in _languages(option.label)]),
        (GROUP, _languages(group.label) if group else ()),
    ]
    for weight, texts in places:
        for text in texts:
            yield from ((term, weight) for term in stems_in(text, stem) if len(term) > 2)


def _languages(text: Text) -> tuple[str, ...]:
    """In every language; Leichte Sprache (`de@simple`) says of nearly everything that it is broken, and is left out."""
    return text.de, *(words for code, words in text.other.items() if "@" not in code)


def _parts_of(word: str) -> Iterator[str]:
    """What may be a word of its own inside a longer one."""
    length = len(word)
    for start in range(length - LEAST_EDGE + 1):
        for end in range(start + LEAST_EDGE, length + 1):
            at_edge = start == 0 or end == length
            is_plural = start == 0 and length - end <= 2  # lamp, lamps: the stemmer is German
            if end - start >= LEAST_PART or (at_edge and (length >= LEAST_AROUND or is_plural)):
                yield word[start:end]


def _ends_of(terms: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """The terms by each of their longer ends: a German word says at its end what it is."""
    ends: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        for start in range(1, len(term) - LEAST_PART + 1):
            ends[term[start:]].append(term)
    return {end: tuple(found) for end, found in ends.items()}
