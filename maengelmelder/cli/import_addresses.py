"""`import-addresses`: bring the city's streets and house numbers in."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from maengelmelder.adapters.address_files import (
    OPENSTREETMAP,
    AddressFileError,
    BadEntry,
    format_of,
    read_addresses,
)
from maengelmelder.cli.running import in_app
from maengelmelder.database import db
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.house import house
from maengelmelder.services.administering.import_addresses import Found, import_addresses
from maengelmelder.store.queries.catalogue import CityMissing, get_catalogue

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
COPYRIGHT = "© "
REASONS: Mapping[str, LazyString] = {
    "no_street": _l("ohne Straße"),
    "no_place": _l("ohne Koordinaten"),
    "bad_place": _l("mit unbrauchbaren Koordinaten"),
    "too_long": _l("mit zu langem Text"),
    "unreadable": _l("ohne lesbaren Namen"),
    "row_width": _l("mit anderer Spaltenzahl als die Kopfzeile"),
}


@click.command("import-addresses")
@click.argument("file", type=FILE)
@click.option("--source", help="Where it comes from; else OpenStreetMap, or the name of the CSV file.")
@click.option("--replace", is_flag=True, help="Forget what this source had before and FILE does not name.")
@in_app
def import_addresses_command(file: Path, source: str | None, replace: bool) -> None:
    """Import streets and house numbers from FILE: OpenStreetMap (.osm, .osm.gz, .osm.pbf) or CSV; can be repeated."""
    began = time.monotonic()
    try:
        catalogue = get_catalogue(db.session())
        db.session.rollback()
        found = _read(file, catalogue)
    except (CityMissing, AddressFileError) as error:
        raise click.ClickException(str(error)) from None
    if not found.entries:
        nothing = gettext("Nichts davon liegt in der Stadt, nichts wurde geändert.")
        raise click.ClickException(f"{nothing} {_left_out(found)}".strip())
    name = (source or format_of(file).source)[:100]
    attribution = f"{COPYRIGHT}{OPENSTREETMAP}" if _is_osm(file, name) else ""
    streets = import_addresses(
        db.session(), found, source=name, attribution=attribution, replace=replace, now=house().now()
    )
    db.session.commit()
    click.echo(_counts(name, found, streets, time.monotonic() - began))
    if left_out := _left_out(found):
        click.echo(left_out)


def _counts(name: str, found: Found, streets: int, seconds: float) -> str:
    counted = gettext(
        "%(addresses)s Adressen, %(streets)s Straßen, %(places)s benannte Orte",
        addresses=found.count("address"),
        streets=streets,
        places=found.count("poi") + found.count("district"),
    )
    return f"{name}: {counted}; {seconds:.1f} s."


def _is_osm(file: Path, name: str) -> bool:
    return format_of(file).is_osm or name.casefold() in ("osm", OPENSTREETMAP.casefold())


def _read(file: Path, catalogue: Catalogue) -> Found:
    """Everything usable; the bar has no end, because a packed file does not tell how much is still to come."""
    found = Found()
    with click.progressbar(
        read_addresses(file),
        length=None,
        label=file.name,
        item_show_func=lambda _: str(len(found.entries)),
        file=sys.stderr,
    ) as entries:
        for one in entries:
            if isinstance(one, BadEntry):
                found.refuse(one.reason)
            else:
                found.take(catalogue, one)
    return found


def _left_out(found: Found) -> str:
    reasons = [f"{count} {REASONS.get(reason, reason)}" for reason, count in sorted(found.bad.items())]
    if found.outside:
        reasons.append(gettext("%(count)s außerhalb der Stadt", count=found.outside))
    if found.twice:
        reasons.append(gettext("%(count)s doppelt", count=found.twice))
    return str(gettext("Nicht übernommen: %(reasons)s.", reasons=", ".join(reasons))) if reasons else ""
