"""`check`: whether configuration and surroundings are fit for service."""

from collections.abc import Iterator
from dataclasses import dataclass

import click
from sqlalchemy import func, select

from maengelmelder.cli.running import in_app
from maengelmelder.database import db
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.city_limits import city_bounds
from maengelmelder.house import house
from maengelmelder.ports import GeocoderUnavailable, StoreUnavailable
from maengelmelder.store.models import Area, Delivery
from maengelmelder.store.queries.catalogue import CityMissing, get_catalogue
from maengelmelder.store.queries.cell_faults import count_wrongly_shown, find_wrong_levels


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `fatal` ones end the command with 1."""

    words: str
    fatal: bool = False


@click.command()
@in_app
def check() -> None:
    """Look at settings, database, photo store, city and outbox, and list what needs a hand."""
    findings = list(_findings())
    for finding in findings:
        click.echo(f"{'ERROR' if finding.fatal else 'note '}  {finding.words}")
    click.echo(f"{len(findings)} findings." if findings else "All is well.")
    if any(finding.fatal for finding in findings):
        raise SystemExit(1)


def _findings() -> Iterator[Finding]:
    yield from _photo_store()
    try:
        catalogue = get_catalogue(db.session())
    except CityMissing as missing:
        yield Finding(str(missing), fatal=True)
        return
    yield from _areas(catalogue)
    yield from _departments(catalogue)
    yield from _geocoder(catalogue)
    yield from _outbox()
    yield from _map_cells()


def _photo_store() -> Iterator[Finding]:
    store, name = house().photos, "check-000000000000000000.original"
    try:
        store.put(name, b"check")
        store.delete(name)
    except StoreUnavailable as error:
        yield Finding(f"The photo store takes nothing: {error}", fatal=True)


def _areas(catalogue: Catalogue) -> Iterator[Finding]:
    waiting = db.session.scalars(select(Area).where(Area.geometry.is_(None)).order_by(Area.key))
    for area in waiting:
        rules = sum(route.area == area.key for c in catalogue.categories.values() for route in c.routes)
        yield Finding(f"Area {area.key} ({area.name}) has no geometry: inactive, {rules} responsibilities wait for it.")
    if catalogue.boundary is None:
        yield Finding("The city has no boundary: reports from everywhere are taken.")


def _departments(catalogue: Catalogue) -> Iterator[Finding]:
    if catalogue.city.desk not in catalogue.departments:
        yield Finding(f"The desk {catalogue.city.desk} is no department.", fatal=True)
    for department in catalogue.departments.values():
        if not department.email:
            yield Finding(f"Department {department.key} has no e-mail address: it is told by other means.")
        elif department.email.endswith(".example"):
            yield Finding(f"Department {department.key} has a placeholder address: {department.email}.")
    for contact in catalogue.contacts.values():
        if not contact.tel:
            yield Finding(f"Emergency contact {contact.key} has no number and is not shown.")


def _geocoder(catalogue: Catalogue) -> Iterator[Finding]:
    geocoder, bounds = house().geocoder, city_bounds(catalogue)
    if geocoder is None:
        return
    if bounds is None:
        yield Finding("The geocoder is never asked: the city has neither boundary nor centre to look around.")
        return
    try:
        geocoder.search(catalogue.city.name.de, bounds, 1)
    except GeocoderUnavailable as error:
        yield Finding(f"The geocoder does not answer ({error}): only the city's own addresses are known.")


def _outbox() -> Iterator[Finding]:
    dead = db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state == "dead"))
    if dead:
        yield Finding(f"{dead} deliveries were given up.", fatal=True)


def _map_cells() -> Iterator[Finding]:
    if wrong := count_wrongly_shown(db.session()):
        yield Finding(f"The map counts {wrong} tickets wrongly: call `maengelmelder rebuild`.", fatal=True)
    if levels := find_wrong_levels(db.session()):
        named = ", ".join(map(str, levels))
        yield Finding(f"The map's cells are wrong at zoom {named}: call `maengelmelder rebuild`.", fatal=True)
