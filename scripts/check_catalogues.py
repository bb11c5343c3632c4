"""Every word that people read has its translation: none missing, none empty, none fuzzy, placeholders alike.

Leichte Sprache (`…@simple`) is for citizens: what only staff read may stay in plain language there.
`--update` brings the catalogues up to date with the code first (new words come in empty).
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "maengelmelder" / "translations"
STAFF = (
    *("templates/staff/", "templates/mail/department", "templates/mail/_department", "templates/mail/copy"),
    *("maengelmelder/web/staff/", "maengelmelder/cli/", "maengelmelder/adapters/"),
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{\{? ?(\w+)")


def main() -> int:
    """Print what is wrong; the exit code says whether anything was."""
    with tempfile.TemporaryDirectory() as directory:
        template = Path(directory) / "messages.pot"
        options = ["-F", "babel.cfg", "-k", "_l", "--sort-by-file", "-o", str(template)]
        # Babel by itself would pass over templates/_parts.
        _babel("extract", *options, "--ignore-dirs", ".* node_modules __pycache__", ".")
        wanted = _read(template)
        if "--update" in sys.argv:
            with template.open("wb") as file:
                write_po(file, wanted, no_location=True, sort_by_file=True)
            _babel(
                "update",
                "--no-fuzzy-matching",
                "--ignore-obsolete",
                "--no-wrap",
                "-i",
                str(template),
                "-d",
                str(TRANSLATIONS),
            )
    problems = [
        problem for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")) for problem in _problems(wanted, path)
    ]
    print("\n".join(problems) or "Every word is translated.")
    return 1 if problems else 0


def _babel(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", *arguments], cwd=ROOT, check=True)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _problems(wanted: Catalog, path: Path) -> Iterator[str]:
    catalogue, language = _read(path), path.parts[-3]
    for message in wanted:
        if message.id and (not path.parts[-3].endswith("@simple") or _is_public(message)):
            found = catalogue.get(message.id, message.context)
            if problem := _problem(message, found):
                yield f"{language}: {problem}: {message.id!r}"
    known = {message.id for message in wanted}
    yield from (f"{language}: not in the code any more: {m.id!r}" for m in catalogue if m.id and m.id not in known)


def _is_public(message: Message) -> bool:
    """Whether citizens read it: it stands in some file that is not for staff alone."""
    return any(not file.startswith(STAFF) for file, _ in message.locations)


def _problem(message: Message, found: Message | None) -> str:
    if found is None or not found.string or (isinstance(found.string, tuple) and not all(found.string)):
        return "missing"
    if found.fuzzy:
        return "fuzzy"
    return "" if _holes(message.id) == _holes(found.string) else "other placeholders"


def _holes(words: str | tuple[str, ...] | list[str]) -> set[str]:
    text = words if isinstance(words, str) else " ".join(words)
    return {a or b for a, b in PLACEHOLDER.findall(text)}


if __name__ == "__main__":
    sys.exit(main())
