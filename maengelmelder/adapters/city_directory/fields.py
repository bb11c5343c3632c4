"""The entries of one mapping, read key by key; what nobody asked for is a typing mistake."""

import math
import re
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TypeVar

from maengelmelder.adapters.city_directory.nodes import Entry, Listing, Node, Scalar, Table
from maengelmelder.adapters.city_directory.problems import Findings, Spot, suggest

Choice = TypeVar("Choice", bound=str)
Shape = TypeVar("Shape", Scalar, Table)

FLAGS = {"true": True, "false": False, "ja": True, "nein": False, "yes": True, "no": False, "on": True, "off": False}
_WHOLE = re.compile(r"[0-9]{1,9}")
SHAPES: dict[type[Node], str] = {
    Scalar: "ein einfacher Wert",
    Listing: "eine Liste",
    Table: "eine Zuordnung (Wort: Wert)",
}


class Fields:
    """Used in a `with` block; at its end every key that was not read is reported.

    what: names the thing in messages, for example `Kategorie "ampel"`.
    """

    def __init__(self, node: Node, findings: Findings, what: str = "") -> None:
        self.spot = node.spot
        self.what = what
        self.findings = findings
        self._asked: set[str] = set()
        self._entries = node.entries if isinstance(node, Table) else {}
        if not isinstance(node, Table):
            self.error(node.spot, f"Hier muss {SHAPES[Table]} stehen.")

    def __enter__(self) -> "Fields":
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        for name in self._entries if kind is None else ():
            if name not in self._asked:
                hint = suggest(name, self._asked)
                self.error(self._entries[name].key.spot, f'Den Eintrag "{name}" gibt es hier nicht.{hint}')

    def error(self, at: Spot, message: str) -> None:
        """Report an error of this thing."""
        self.findings.error(at, self._named(message))

    def warn(self, at: Spot, message: str) -> None:
        """Report something that a person should look at."""
        self.findings.warn(at, self._named(message))

    def spot_of(self, name: str) -> Spot:
        """Where the value of a key stands, else where the thing begins."""
        return self._entries[name].node.spot if name in self._entries else self.spot

    def node(self, name: str) -> Node | None:
        """The value of a key, whatever it is; None where the key is absent or has no value."""
        self._asked.add(name)
        entry = self._entries.get(name)
        if entry is None or (isinstance(entry.node, Scalar) and not entry.node.value):
            return None
        return entry.node

    def scalar(self, name: str) -> Scalar | None:
        """The value of a key as a single text."""
        node = self.node(name)
        if node is None or isinstance(node, Scalar):
            return node
        self._wrong_shape(name, node, Scalar)
        return None

    def text(self, name: str, default: str = "", limit: int = 5000) -> str:
        """The text of a key, at most `limit` characters."""
        scalar = self.scalar(name)
        if scalar is not None and len(scalar.value) > limit:
            self.error(scalar.spot, f'"{name}" ist zu lang (höchstens {limit} Zeichen).')
        return default if scalar is None else scalar.value

    def needed(self, name: str, limit: int = 200) -> str:
        """The text of a key that must not be missing."""
        text = self.text(name, limit=limit)
        present = name in self._entries and not isinstance(self._entries[name].node, Scalar)
        if not text and not present:
            self.error(self.spot_of(name), f'"{name}" fehlt.')
        return text

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        scalar = self.scalar(name)
        if scalar is not None and scalar.value.lower() not in FLAGS:
            self.error(scalar.spot, f'"{name}" muss true oder false sein, nicht "{scalar.value}".')
        return default if scalar is None else FLAGS.get(scalar.value.lower(), default)

    def whole(self, name: str, default: int | None, high: int) -> int | None:
        """A whole number from 0 to `high`."""
        scalar = self.scalar(name)
        if scalar is None:
            return default
        if not _WHOLE.fullmatch(scalar.value) or int(scalar.value) > high:
            self.error(scalar.spot, f'"{name}" muss eine ganze Zahl von 0 bis {high} sein, nicht "{scalar.value}".')
            return default
        return int(scalar.value)

    def metres(self, name: str, default: float, high: float) -> float:
        """A length in metres, from 0 to `high`; a comma counts as the decimal sign."""
        scalar = self.scalar(name)
        if scalar is None:
            return default
        try:
            number = float(scalar.value.replace(",", "."))
        except ValueError:
            number = math.nan
        if not 0 <= number <= high:
            self.error(scalar.spot, f'"{name}" muss eine Zahl von 0 bis {high:g} sein (Meter), nicht "{scalar.value}".')
            return default
        return number

    def choice(self, name: str, allowed: Sequence[Choice], default: Choice) -> Choice:
        """One of a few words."""
        scalar = self.scalar(name)
        if scalar is None:
            return default
        for word in allowed:
            if word == scalar.value:
                return word
        hint = suggest(scalar.value, allowed)
        self.error(scalar.spot, f'"{name}" muss {_either(allowed)} sein, nicht "{scalar.value}".{hint}')
        return default

    def words(self, name: str) -> tuple[Scalar, ...]:
        """A list of texts; a single text counts as a list of one."""
        node = self.node(name)
        if node is None:
            return ()
        if isinstance(node, Scalar):
            return (node,)
        return tuple(self._only(name, node, Scalar))

    def rows(self, name: str) -> tuple[Table, ...]:
        """A list of mappings."""
        node = self.node(name)
        if node is None:
            return ()
        return tuple(self._only(name, node, Table))

    def entries(self, name: str) -> tuple[Entry, ...]:
        """The entries of a mapping below this one, in their order."""
        node = self.node(name)
        if node is None:
            return ()
        if not isinstance(node, Table):
            self._wrong_shape(name, node, Table)
            return ()
        return tuple(node.entries.values())

    def all_entries(self) -> tuple[Entry, ...]:
        """Every entry of this mapping, where the keys are the names of things."""
        self._asked.update(self._entries)
        return tuple(self._entries.values())

    def _only(self, name: str, node: Node, wanted: type[Shape]) -> Iterator[Shape]:
        if not isinstance(node, Listing):
            self._wrong_shape(name, node, Listing)
            return
        for item in node.items:
            if isinstance(item, wanted):
                yield item
            else:
                self.error(item.spot, f'In der Liste "{name}" muss hier {SHAPES[wanted]} stehen.')

    def _wrong_shape(self, name: str, node: Node, wanted: type[Node]) -> None:
        self.error(node.spot, f'"{name}" muss {SHAPES[wanted]} sein, nicht {SHAPES[type(node)]}.')

    def _named(self, message: str) -> str:
        return f"{self.what}: {message}" if self.what else message


def _either(words: Sequence[str]) -> str:
    return " oder ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
