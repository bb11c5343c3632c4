"""`import`: bring the reports of an older system in."""

import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError

from maengelmelder.adapters.report_files import ReportFileError, Row, read_rows
from maengelmelder.adapters.report_files_mapping import MappingError, ReportMapping, read_mapping
from maengelmelder.adapters.report_files_reading import RowReader
from maengelmelder.cli.import_errors import BadRows
from maengelmelder.cli.running import in_app
from maengelmelder.database import db
from maengelmelder.domain.errors import Refusal, Refusals
from maengelmelder.domain.old_reports import OldReport
from maengelmelder.house import house
from maengelmelder.services.administering.import_reports import (
    Manner,
    Outcome,
    find_areas,
    import_batch,
    refresh_statistics,
)
from maengelmelder.store.queries.catalogue import CityMissing, get_catalogue

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
STEPS = 1000  # of the progress bar


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--mapping", "mapping_file", type=FILE, help="YAML: what the columns mean; else FILE.yaml.")
@click.option("--notify", is_flag=True, help="Tell the departments, as for new reports.")
@click.option("--batch", default=500, type=click.IntRange(1, 10_000), show_default=True, help="Rows per transaction.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Instead of FILE.errors.csv.")
@in_app
def import_reports(
    file: Path, mapping_file: Path | None, notify: bool, batch: int, dry_run: bool, errors: Path | None
) -> None:
    """Import the reports in FILE (CSV or GeoJSON, also .gz); can be repeated and goes on where it was stopped."""
    mapping, reader = _prepare(file, mapping_file or file.with_name(f"{file.name}.yaml"))
    db.session.rollback()
    manner = Manner(mapping.source, notify, dry_run, mapping.release)
    bad = BadRows(errors or file.with_name(f"{file.name}.errors.csv"))
    run = Run(reader, manner, bad)
    broken = run.through(file, mapping, batch)
    click.echo(run.summary())
    if broken or not run.total.imported + run.total.already:
        raise click.ClickException(broken or gettext("Nichts konnte übernommen werden."))


def _prepare(file: Path, mapping_file: Path) -> tuple[ReportMapping, RowReader]:
    """The mapping, and a reader that knows the city; every fault of the mapping is told before anything is read."""
    if not mapping_file.is_file():
        missing = gettext("Es fehlt die Zuordnung der Spalten: %(file)s (siehe docs/import.md).", file=mapping_file)
        raise click.ClickException(missing)
    try:
        mapping = read_mapping(mapping_file, file)
        catalogue = get_catalogue(db.session())
    except (MappingError, CityMissing) as error:
        raise click.ClickException(str(error)) from None
    reader = RowReader(mapping, catalogue, find_areas(db.session(), catalogue))
    if unknown := reader.unknown_keys():
        sentence = gettext("Diese Schlüssel hat die Stadt nicht: %(keys)s.", keys=", ".join(unknown))
        raise click.ClickException(f"{mapping_file.name}: {sentence}")
    return mapping, reader


class Run:
    """One import: each batch is a transaction, so that a killed run loses one batch at most and is simply repeated."""

    def __init__(self, reader: RowReader, manner: Manner, bad: BadRows) -> None:
        self.total = Outcome()
        self.rows = 0
        self._reader, self._manner, self._bad = reader, manner, bad
        self._lines: dict[str, int] = {}
        self._refresh_at = 0
        self._began = time.monotonic()

    def through(self, file: Path, mapping: ReportMapping, size: int) -> str:
        """Import the whole file; gives a sentence when it could not be read to its end."""
        rows = read_rows(file, mapping.layout)
        show: Callable[[int | None], str | None] = self._rate
        try:
            with click.progressbar(None, STEPS, file.name, item_show_func=show, file=sys.stderr) as bar:
                while chunk := list(itertools.islice(rows, size)):
                    self._take(chunk)
                    bar.update(int(chunk[-1].done * STEPS) - bar.pos, self.rows)
        except ReportFileError as error:
            return str(error)
        return ""

    def summary(self) -> str:
        """What the run came to."""
        rules = ", ".join(f"{rule} {count}" for rule, count in sorted(self.total.routed.items()))
        seconds = time.monotonic() - self._began
        rate = f"{self.rows / max(seconds, 0.001):.0f}"
        lines = [
            self._counts(),
            gettext("Zuständigkeit nach: %(rules)s.", rules=rules) if rules else "",
            gettext("%(seconds)s s, %(rate)s Zeilen je Sekunde.", seconds=f"{seconds:.1f}", rate=rate),
            self._bad.close(),
        ]
        return "\n".join(line for line in lines if line)

    def _counts(self) -> str:
        numbers = {
            "rows": self.rows,
            "new": self.total.imported,
            "known": self.total.already,
            "bad": self._bad.count,
        }
        if self._manner.dry_run:
            return str(
                gettext(
                    "%(rows)s Zeilen: %(new)s würden übernommen, %(known)s schon da, %(bad)s fehlerhaft.", **numbers
                )
            )
        return str(gettext("%(rows)s Zeilen: %(new)s übernommen, %(known)s schon da, %(bad)s fehlerhaft.", **numbers))

    def _take(self, chunk: Sequence[Row]) -> None:
        self.rows += len(chunk)
        outcome = self._import(list(self._read(chunk)))
        for old, refusals in outcome.refused:
            self._bad.add(old.line, old.source_id, refusals.refusals)
        self._bad.flush()
        self._refresh_statistics()
        self.total.imported += outcome.imported
        self.total.already += outcome.already
        for rule, count in outcome.routed.items():
            self.total.routed[rule] = self.total.routed.get(rule, 0) + count

    def _read(self, chunk: Sequence[Row]) -> Iterator[OldReport]:
        for row in chunk:
            try:
                old = self._reader.read(row)
                self._demand_new(old)
            except Refusals as refusals:
                self._bad.add(row.line, self._reader.known_id(row), refusals.refusals)
            else:
                yield old

    def _demand_new(self, old: OldReport) -> None:
        """Two rows with one id: taking the second for a repetition would lose it without a word."""
        first = self._lines.setdefault(old.source_id, old.line)
        if old.source_id and first != old.line:
            raise Refusals([Refusal("id_twice", "id", line=first)])

    def _import(self, batch: Sequence[OldReport]) -> Outcome:
        try:
            return self._commit(batch)
        except IntegrityError:  # another run has just taken the same rows: they are there now
            db.session.rollback()
            return self._commit(batch)

    def _commit(self, batch: Sequence[OldReport]) -> Outcome:
        session = db.session()
        outcome = import_batch(session, get_catalogue(session), batch, self._manner, house().now())
        session.commit()
        session.expunge_all()
        return outcome

    def _refresh_statistics(self) -> None:
        if self.rows >= self._refresh_at and not self._manner.dry_run:
            self._refresh_at = self.rows * 3
            refresh_statistics(db.session())
            db.session.commit()

    def _rate(self, rows: int | None) -> str | None:
        return None if rows is None else f"{rows / max(time.monotonic() - self._began, 0.001):.0f}/s"
