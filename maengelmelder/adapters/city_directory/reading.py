"""What every part of the reader shares: the directory, the findings, the translations, the references."""

import re
from pathlib import Path

from maengelmelder.adapters.city_directory.fields import Fields
from maengelmelder.adapters.city_directory.keys import References, is_key
from maengelmelder.adapters.city_directory.nodes import Entry, Node, Scalar, compose
from maengelmelder.adapters.city_directory.overlay import Texts
from maengelmelder.adapters.city_directory.problems import Findings, Spot

MAX_YAML_BYTES = 4_000_000
MAX_GEOJSON_BYTES = 100_000_000
_OVERLAY = re.compile(r"([a-z]{2}(?:_[A-Z][A-Za-z]+)?(?:@[a-z]+)?)\.yaml")  # as Babel names locales


class Reading:
    """One run over one city directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.findings = Findings()
        self.references = References(self.findings)
        self.complete = True
        overlays = {name.removesuffix(".yaml"): self.yaml(name) for name in self.overlay_files()}
        self.texts = Texts({language: node for language, node in overlays.items() if node is not None})

    def overlay_files(self) -> list[str]:
        """The names of the files that translate, for example `en.yaml`."""
        return sorted(path.name for path in self.directory.iterdir() if _OVERLAY.fullmatch(path.name))

    def fields(self, node: Node, what: str = "") -> Fields:
        """The entries of a mapping; `what` names it in messages."""
        return Fields(node, self.findings, what)

    def named(self, entries: tuple[Entry, ...]) -> list[Entry]:
        """The entries whose key may serve as a key; the others are reported."""
        return [entry for entry in entries if is_key(entry.key, self.findings)]

    def has(self, file: str) -> bool:
        """Whether the directory has this file at all, readable or not."""
        return (self.directory / file).exists()

    def yaml(self, file: str, *, needed: bool = False) -> Node | None:
        """The content of a YAML file; None where it is absent, or broken, which is reported."""
        if not needed and not self.has(file):
            return None
        text = self.text(file, MAX_YAML_BYTES)
        node = None if text is None else compose(file, text, self.findings)
        self.complete = self.complete and node is not None
        return node

    def text(self, file: str, limit: int) -> str | None:
        """The text of a file of at most `limit` bytes; None, and reported, where it cannot be read."""
        path = self.directory / file
        try:
            if path.stat().st_size > limit:
                self.findings.error(Spot(file), f"Die Datei ist größer als {limit // 1_000_000} MB.")
                return None
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.findings.error(Spot(file), "Diese Datei fehlt.")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            self.findings.error(Spot(file, line), "Die Datei ist nicht in UTF-8 gespeichert.")
        except OSError as error:
            self.findings.error(Spot(file), f"Die Datei lässt sich nicht lesen ({error.strerror}).")
        return None

    def file(self, scalar: Scalar) -> str | None:
        """The name of a file inside the directory; None, and reported, where there is no such file."""
        path = (self.directory / scalar.value).resolve()
        if not path.is_relative_to(self.directory.resolve()):
            self.findings.error(scalar.spot, f'Die Datei "{scalar.value}" liegt nicht im Verzeichnis der Stadt.')
        elif not path.is_file():
            self.findings.error(scalar.spot, f'Die Datei "{scalar.value}" gibt es nicht.')
        else:
            return scalar.value
        return None
