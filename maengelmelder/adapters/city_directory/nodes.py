"""YAML as text with line numbers: no types are guessed, nothing is expanded, nothing is constructed.

Every scalar stays the text that was typed, so that `no`, `2024-10-15`, `10-15` or `0871` mean what they say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from maengelmelder.adapters.city_directory.problems import Findings, Spot

MAX_DEPTH = 16
NULLS = ("", "~", "null")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Scalar:
    """A text as typed; an empty value, `~` and `null` are the empty text."""

    spot: Spot
    value: str


@dataclass(frozen=True)
class Listing:
    """A list."""

    spot: Spot
    items: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Table:
    """A mapping; each key keeps the line it stands in."""

    spot: Spot
    entries: Mapping[str, "Entry"] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One line `key: value` of a mapping."""

    key: Scalar
    node: "Node"


Node = Scalar | Listing | Table


class _NotAllowed(Exception):
    """Stops reading a file that uses what a city directory never needs."""

    def __init__(self, spot: Spot, message: str) -> None:
        super().__init__(message)
        self.spot = spot


def compose(file: str, text: str, findings: Findings) -> Node | None:
    """The content of a YAML file, or None when it cannot be read; what is wrong goes to `findings`."""
    try:
        return _Composer(file, iter(yaml.parse(text, Loader=_LOADER)), findings).document()
    except _NotAllowed as error:
        findings.error(error.spot, str(error))
    except yaml.YAMLError as error:
        line = _line_of(error, text)
        findings.error(Spot(file, line), _explain(error, text.splitlines()[line - 1 : line]))
    return None


class _Composer:
    """Builds nodes from the parser's events; aliases are refused, so a small file stays small in memory."""

    def __init__(self, file: str, events: Iterator[Any], findings: Findings) -> None:
        self._file, self._events, self._findings = file, events, findings

    def document(self) -> Node:
        node: Node = Table(Spot(self._file, 1))
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                self._allow(documents == 1, event, "Eine Datei darf nur einen YAML-Teil enthalten (kein zweites ---).")
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event, 1)
        return node

    def _node(self, event: yaml.NodeEvent, depth: int) -> Node:
        plain = not isinstance(event, yaml.AliasEvent) and event.anchor is None
        self._allow(plain, event, "Anker und Verweise (& und *) sind nicht erlaubt. Bitte schreiben Sie es aus.")
        self._allow(getattr(event, "tag", None) is None, event, "YAML-Typen (!…) sind nicht erlaubt.")
        self._allow(depth <= MAX_DEPTH, event, "Die Angaben sind zu tief ineinander verschachtelt.")
        if isinstance(event, yaml.MappingStartEvent):
            return self._table(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return Listing(self._spot(event), tuple(self._children(depth)))
        return self._scalar(event)

    def _children(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield self._node(event, depth + 1)

    def _table(self, event: yaml.MappingStartEvent, depth: int) -> Table:
        entries: dict[str, Entry] = {}
        children = self._children(depth)
        for key in children:
            node = next(children)
            if not isinstance(key, Scalar):
                self._findings.error(key.spot, "Vor dem Doppelpunkt muss ein einfaches Wort stehen.")
            elif key.value in entries:
                first = entries[key.value].key.spot.line
                self._findings.error(key.spot, f'"{key.value}" steht hier zum zweiten Mal (zuerst in Zeile {first}).')
            else:
                entries[key.value] = Entry(key, node)
        return Table(self._spot(event), entries)

    def _scalar(self, event: Any) -> Scalar:
        unquoted = event.style in {None, ""}
        empty = unquoted and event.value in NULLS
        return Scalar(self._spot(event), "" if empty else event.value.strip())

    def _spot(self, event: Any) -> Spot:
        return Spot(self._file, event.start_mark.line + 1)

    def _allow(self, allowed: bool, event: yaml.Event, message: str) -> None:
        if not allowed:
            raise _NotAllowed(self._spot(event), message)


def _line_of(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    return text.count("\n", 0, getattr(error, "position", 0) or 0) + 1


def _explain(error: yaml.YAMLError, lines: list[str]) -> str:
    reason = str(getattr(error, "problem", None) or getattr(error, "reason", "") or "")
    if "cannot start any token" in reason and "\t" in "".join(lines):
        return "Hier steht ein Tabulator. YAML rückt nur mit Leerzeichen ein."
    return (
        f"Das ist kein gültiges YAML ({reason}). Oft fehlen ein Doppelpunkt, eine Klammer oder ein "
        "Anführungszeichen, oder die Einrückung stimmt nicht."
    )
