"""The overlay files (`en.yaml`): the city's words in other languages, found by their path in the catalogue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from maengelmelder.adapters.city_directory.nodes import Listing, Node, Scalar, Table
from maengelmelder.adapters.city_directory.problems import Findings, Spot, suggest
from maengelmelder.domain.city import Text

Words = tuple[str, ...]


@dataclass(frozen=True)
class _Leaf:
    """A text or a list of texts at the end of a path, with the keys that lead to it."""

    keys: tuple[Scalar, ...]
    words: Words
    is_list: bool
    spot: Spot


class Texts:
    """Gives every German text its translations, and remembers which paths the city has."""

    def __init__(self, overlays: Mapping[str, Node]) -> None:
        self._leaves = {
            language: {tuple(key.value for key in leaf.keys): leaf for leaf in _leaves(node, ())}
            for language, node in overlays.items()
        }
        self._text_paths: set[Words] = set()
        self._list_paths: set[Words] = set()

    def of(self, path: Words, german: str) -> Text:
        """The text at a path in all its languages."""
        if german:
            self._text_paths.add(path)
        return Text(german, {language: words[0] for language, words in self._found(path, is_list=False) if words[0]})

    def words_of(self, path: Words) -> dict[str, Words]:
        """The list of words at a path, by language."""
        self._list_paths.add(path)
        return dict(self._found(path, is_list=True))

    def report_unknown(self, findings: Findings) -> None:
        """Report what an overlay translates although the city does not have it."""
        for leaves in self._leaves.values():
            for leaf in leaves.values():
                self._check(leaf, findings)

    def _check(self, leaf: _Leaf, findings: Findings) -> None:
        path = tuple(key.value for key in leaf.keys)
        if path in (self._list_paths if leaf.is_list else self._text_paths):
            return
        key, known = self._first_unknown(leaf.keys)
        if key is None:
            findings.error(leaf.spot, f'Unter "{" › ".join(path)}" steht im Katalog etwas anderes als hier.')
        else:
            findings.error(key.spot, f'"{key.value}" gibt es hier im Katalog nicht.{suggest(key.value, known)}')

    def _first_unknown(self, keys: tuple[Scalar, ...]) -> tuple[Scalar | None, list[str]]:
        """The first key that leads nowhere, and the keys that would lead on from there."""
        paths = self._text_paths | self._list_paths
        for depth, key in enumerate(keys):
            before = tuple(k.value for k in keys[:depth])
            known = {path[depth] for path in paths if len(path) > depth and path[:depth] == before}
            if known and key.value not in known:
                return key, sorted(known)
        return None, []

    def _found(self, path: Words, *, is_list: bool) -> Iterator[tuple[str, Words]]:
        for language, leaves in self._leaves.items():
            if path in leaves and leaves[path].is_list == is_list:
                yield language, leaves[path].words


def _leaves(node: Node, keys: tuple[Scalar, ...]) -> Iterator[_Leaf]:
    if isinstance(node, Table):
        for entry in node.entries.values():
            yield from _leaves(entry.node, (*keys, entry.key))
    elif isinstance(node, Listing):
        words = tuple(item.value for item in node.items if isinstance(item, Scalar))
        yield _Leaf(keys, words, True, node.spot)
    else:
        yield _Leaf(keys, (node.value,), False, node.spot)
