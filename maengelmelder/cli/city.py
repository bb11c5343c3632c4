"""`city load`: bring a city directory into the database."""

from pathlib import Path

import click

from maengelmelder.adapters.city_directory import inspect_city
from maengelmelder.cli.running import in_app
from maengelmelder.database import db
from maengelmelder.services.administering.load_city import Loaded, load_city


@click.group()
def city() -> None:
    """The city's catalogue, departments, areas and pages."""


@city.command("load")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@in_app
def load_command(directory: Path) -> None:
    """Load DIRECTORY; can be repeated, and retires what the directory no longer names."""
    loaded = load(directory)
    for warning in inspect_city(directory).warnings:
        click.echo(f"  {warning}")
    click.echo(
        f"{directory.name}: {loaded.departments} departments, {loaded.groups} groups, "
        f"{loaded.categories} categories, {loaded.areas} areas."
    )
    for key in loaded.areas_without_geometry:
        click.echo(f"  Area {key} has no geometry yet and stays inactive.")


def load(directory: Path) -> Loaded:
    """Read and load a city directory; every fault is listed with file and line, and then nothing is changed."""
    inspection = inspect_city(directory)
    if inspection.catalogue is None:
        raise click.ClickException("\n".join(str(problem) for problem in inspection.errors))
    loaded = load_city(db.session(), inspection.catalogue)
    db.session.commit()
    return loaded
