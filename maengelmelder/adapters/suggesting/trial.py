"""Trying out what would be learnt on texts that it was not learnt from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from maengelmelder.adapters.suggesting.german import stem
from maengelmelder.adapters.suggesting.training import learn
from maengelmelder.domain.learnt import Learnt
from maengelmelder.domain.suggesting import Keywords, combine, rank, suggest
from maengelmelder.domain.suggestion_figures import Figures, most_frequent

Example = tuple[str, str]
"""A text and its category."""


@dataclass(frozen=True)
class Trial:
    """Figures for the same texts: always the three most frequent categories, the catalogue's words, and both."""

    frequent: Figures
    keywords: Figures
    learnt: Figures


def try_out(taught: Sequence[Example], tested: Sequence[Example], keywords: Keywords) -> Trial:
    """Learn from the one, test on the other."""
    learnt = learn([text for text, _ in taught], [category for _, category in taught], stem)
    frequent = most_frequent(category for _, category in taught)

    def figures(suggested: Callable[[str], Sequence[str]]) -> Figures:
        return Figures.of((suggested(text), category) for text, category in tested)

    return Trial(
        frequent=figures(lambda _: frequent),
        keywords=figures(lambda text: suggested_by(keywords, None, text)),
        learnt=figures(lambda text: suggested_by(keywords, learnt, text)),
    )


def add_up(trials: Sequence[Trial]) -> Trial:
    """The figures of several trials together."""
    none = Figures(0, 0, 0)
    return Trial(
        frequent=sum((trial.frequent for trial in trials), none),
        keywords=sum((trial.keywords for trial in trials), none),
        learnt=sum((trial.learnt for trial in trials), none),
    )


def suggested_by(keywords: Keywords, learnt: Learnt | None, text: str) -> tuple[str, ...]:
    """What would be shown for a text."""
    shares = keywords.shares(text)
    if learnt is not None:
        shares = combine(shares, learnt.shares(text, stem), learnt.trust)
    return tuple(one.category for one in suggest(rank(shares)))
