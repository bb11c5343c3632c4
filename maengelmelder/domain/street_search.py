"""Finding a street by its name, half-typed or mistyped; quick enough to run at each key for 5,000 names."""

from collections import Counter
from collections.abc import Iterable

from maengelmelder.domain.addresses import Address, Typed, name_key

LONGEST = 60  # characters of a name that are looked at
MOST_COMPARED = 150  # names that are compared letter by letter; they share the most pairs of letters with the typed one
SHORTEST_WITHIN = 3  # characters; shorter ones are looked for at the beginning of a name only
ONE_TYPO, TWO_TYPOS = 4, 7  # characters from which one, or two, typos are forgiven
KIND_ORDER = {"street": 0, "district": 1, "poi": 2}


class StreetSearch:
    """The distinct names of a city, each with and without its locality behind it."""

    def __init__(self, entries: Iterable[Address]) -> None:
        self._entries = sorted(entries, key=lambda e: (KIND_ORDER.get(e.kind, 9), e.label))
        self._keys = [name_key(entry.street) for entry in self._entries]
        self._full = [key + name_key(entry.locality) for key, entry in zip(self._keys, self._entries, strict=True)]
        self._pairs: dict[str, list[int]] = {}
        for position, key in enumerate(self._keys):
            for pair in _pairs(key):
                self._pairs.setdefault(pair, []).append(position)

    def find(self, typed: Typed, limit: int) -> list[Address]:
        """The best entries first: the very name, its beginning, a part of it, and only then mistyped ones."""
        wanted = typed.name[:LONGEST]
        if not wanted:
            return []
        found = self._literal(wanted) or self._mistyped(wanted)
        there = [position for position in found if typed.is_in(self._entries[position])]
        return [self._entries[position] for position in (there or found)[:limit]]

    def _literal(self, wanted: str) -> list[int]:
        ranked = [
            (rank, len(key), position)
            for position, (key, full) in enumerate(zip(self._keys, self._full, strict=True))
            if (rank := _rank(wanted, key, full)) is not None
        ]
        return [position for *_, position in sorted(ranked)]

    def _mistyped(self, wanted: str) -> list[int]:
        forgiven = 0 if len(wanted) < ONE_TYPO else 1 if len(wanted) < TWO_TYPOS else 2
        if not forgiven:
            return []
        shared = Counter(position for pair in _pairs(wanted) for position in self._pairs.get(pair, ()))
        ranked = []
        for position, _ in shared.most_common(MOST_COMPARED):
            typos = count_typos(wanted, self._keys[position], forgiven)
            if typos is not None:
                ranked.append((typos, abs(len(self._keys[position]) - len(wanted)), position))
        return [position for *_, position in sorted(ranked)]


def _pairs(key: str) -> set[str]:
    padded = f"^{key}"
    return {padded[i : i + 2] for i in range(len(padded) - 1)}


def _rank(wanted: str, key: str, full: str) -> int | None:
    if wanted in (key, full):
        return 0
    if full.startswith(wanted):
        return 1
    return 2 if len(wanted) >= SHORTEST_WITHIN and wanted in key else None


def count_typos(wanted: str, key: str, forgiven: int) -> int | None:
    """Letters to change, add, drop or swap until `wanted` is the beginning of `key`; None if more than forgiven."""
    key = key[: len(wanted) + forgiven]
    before: list[int] = []
    row = list(range(len(key) + 1))
    for i, letter in enumerate(wanted, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(key, 1):
            cost = min(row[-1] + 1, before[j] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == key[j - 2] and wanted[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > forgiven:
            return None
    return min(row) if min(row) <= forgiven else None
