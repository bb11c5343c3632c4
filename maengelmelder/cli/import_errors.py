"""The list of rows that were not taken, as a CSV file that a spreadsheet opens safely."""

import csv
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click
from flask_babel import gettext

from maengelmelder.cli.import_reasons import reason
from maengelmelder.domain.errors import Refusal

SHOWN = 20
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP, "CSV Injection"


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _header() -> list[str]:
    return [gettext("Zeile"), gettext("Kennung"), gettext("Feld"), gettext("Code"), gettext("Grund")]


class BadRows:
    """Counts, shows the first of them, and writes all of them beside the file, or where the caller wants them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: TextIO | None = None
        self._broken = ""
        with suppress(OSError):  # a list of an earlier run must not be taken for this one's
            path.unlink()

    def add(self, line: int, source_id: str, refusals: Sequence[Refusal]) -> None:
        """List one row, with one line for each thing that is wrong with it."""
        self.count += 1
        self._open()
        for refusal in refusals:
            words = reason(refusal)
            if self.count <= SHOWN or self._broken:
                where = gettext("Zeile %(line)s", line=line)
                click.echo(f"{where}: {words} [{refusal.code}]", err=True)
            if self._file is not None:
                cells = (str(line), source_id, refusal.field or "", refusal.code, words)
                csv.writer(self._file, delimiter=";").writerow([harmless(cell) for cell in cells])

    def flush(self) -> None:
        """Let a killed run leave what it found."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> str:
        """Where the list is, or why there is none."""
        if self._file is not None:
            self._file.close()
            return str(gettext("Liste: %(path)s", path=self.path))
        return self._broken

    def _open(self) -> None:
        if self._file is not None or self._broken:
            return
        try:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            self._broken = gettext(
                "Die Liste %(path)s lässt sich nicht schreiben (%(why)s); siehe --errors.",
                path=self.path,
                why=error.strerror,
            )
            click.echo(self._broken, err=True)
            return
        csv.writer(self._file, delimiter=";").writerow(_header())
