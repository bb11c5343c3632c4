"""Keys: the short stable words by which a catalogue refers to its parts, and which are stored with every report."""

import re
import unicodedata
from collections.abc import Iterable

from maengelmelder.adapters.city_directory.nodes import Scalar
from maengelmelder.adapters.city_directory.problems import Findings, suggest

MAX_LENGTH = 60
_KEY = re.compile(rf"[a-z0-9][a-z0-9_]{{0,{MAX_LENGTH - 1}}}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug(label: str) -> str:
    """The key made from a label: "Feld- oder Waldweg" → `feld_oder_waldweg`, "größer" → `groesser`."""
    lower = unicodedata.normalize("NFC", label).lower().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", lower).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:MAX_LENGTH].rstrip("_")


def is_key(scalar: Scalar, findings: Findings) -> bool:
    """Whether a text may serve as a key; if not, that is reported."""
    if _KEY.fullmatch(scalar.value):
        return True
    better = f' Vorschlag: "{slug(scalar.value)}".' if slug(scalar.value) else ""
    rule = f"nur a–z, 0–9 und _, höchstens {MAX_LENGTH} Zeichen"
    findings.error(scalar.spot, f'"{scalar.value}" ist als Schlüssel nicht möglich ({rule}).{better}')
    return False


class References:
    """Keys that point to something elsewhere; checked when every file has been read."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._known: dict[str, frozenset[str]] = {}
        self._expected: list[tuple[str, Scalar, str]] = []

    def declare(self, noun: str, keys: Iterable[str]) -> None:
        """Say which keys there are, for example of every "Dienststelle"."""
        self._known[noun] = frozenset(keys)

    def expect(self, noun: str, scalar: Scalar | None, what: str = "") -> str:
        """Note that a key must exist; gives the key."""
        if scalar is None:
            return ""
        self._expected.append((noun, scalar, what))
        return scalar.value

    def settle(self) -> None:
        """Report every key that does not exist; nouns whose file could not be read are left alone."""
        for noun, scalar, what in self._expected:
            if noun in self._known and scalar.value not in self._known[noun]:
                hint = suggest(scalar.value, sorted(self._known[noun]))
                before = f"{what}: " if what else ""
                self._findings.error(scalar.spot, f'{before}{noun} "{scalar.value}" ist unbekannt.{hint}')
