"""How good suggestions are: how often the right category comes first, or among the three that are shown."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from maengelmelder.domain.suggesting import MOST_SUGGESTED


@dataclass(frozen=True)
class Figures:
    """How many texts, and for how many the right category was the first, or among those suggested."""

    texts: int
    first: int
    among: int

    @classmethod
    def of(cls, pairs: Iterable[tuple[Sequence[str], str]]) -> Self:
        """The figures of what was suggested for each text, beside the category that was right."""
        texts = first = among = 0
        for suggested, right in pairs:
            texts += 1
            first += right in suggested[:1]
            among += right in suggested[:MOST_SUGGESTED]
        return cls(texts, first, among)

    def __add__(self, other: Self) -> "Figures":
        return Figures(self.texts + other.texts, self.first + other.first, self.among + other.among)

    @property
    def first_share(self) -> float:
        """Top-1, from 0 to 1."""
        return self.first / self.texts if self.texts else 0.0

    @property
    def among_share(self) -> float:
        """Top-3, from 0 to 1."""
        return self.among / self.texts if self.texts else 0.0


def most_frequent(categories: Iterable[str]) -> tuple[str, ...]:
    """What somebody would suggest who never reads the text."""
    return tuple(key for key, _ in Counter(categories).most_common(MOST_SUGGESTED))
