"""Reads a whole city directory into a `Catalogue`, or says everything that is wrong with it."""

from dataclasses import dataclass
from pathlib import Path

from maengelmelder.adapters.city_directory.areas import read_areas
from maengelmelder.adapters.city_directory.categories import read_categories, read_defaults
from maengelmelder.adapters.city_directory.city_file import read_city_file
from maengelmelder.adapters.city_directory.groups import read_groups, read_kinds
from maengelmelder.adapters.city_directory.nodes import Node
from maengelmelder.adapters.city_directory.pages import read_pages
from maengelmelder.adapters.city_directory.people import read_contacts, read_departments
from maengelmelder.adapters.city_directory.problems import CityDirectoryError, Problem
from maengelmelder.adapters.city_directory.reading import Reading
from maengelmelder.adapters.city_directory.sense import look_over
from maengelmelder.domain.catalogue import Catalogue, Category, Group
from maengelmelder.domain.city import City, Kind, Text

NO_CITY = City("stadt", Text("Stadt"))  # stands in where city.yaml cannot be read, so that the rest is checked


@dataclass(frozen=True)
class Inspection:
    """What one look at a directory gave: the catalogue unless there are errors, and everything worth telling."""

    catalogue: Catalogue | None
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read_city(directory: Path) -> Catalogue:
    """The catalogue that a city directory describes.

    Raises CityDirectoryError with every error of every file; warnings are only told by `inspect_city`.
    """
    inspection = inspect_city(directory)
    if inspection.catalogue is None:
        raise CityDirectoryError(inspection.errors)
    return inspection.catalogue


def inspect_city(directory: Path) -> Inspection:
    """The catalogue with its errors and warnings; never raises for what a directory contains."""
    if not directory.is_dir():
        return Inspection(None, (Problem(str(directory), 0, "Dieses Verzeichnis gibt es nicht."),), ())
    reading = Reading(directory)
    catalogue = _catalogue(reading)
    reading.references.settle()
    if reading.complete:
        reading.texts.report_unknown(reading.findings)
        look_over(reading, catalogue)
    errors = tuple(sorted(set(reading.findings.errors)))
    return Inspection(None if errors else catalogue, errors, tuple(sorted(set(reading.findings.warnings))))


def _catalogue(reading: Reading) -> Catalogue:
    city = reading.yaml("city.yaml", needed=True)
    kinds, groups, categories = _catalogue_file(reading, reading.yaml("catalogue.yaml", needed=True))
    return Catalogue(
        city=NO_CITY if city is None else read_city_file(reading, city),
        departments=read_departments(reading, reading.yaml("departments.yaml", needed=True)),
        kinds=kinds,
        groups=groups,
        categories=categories,
        areas=read_areas(reading, reading.yaml("areas.yaml")),
        contacts=read_contacts(reading, reading.yaml("emergency.yaml")),
        pages=read_pages(reading),
    )


def _catalogue_file(
    reading: Reading, node: Node | None
) -> tuple[dict[str, Kind], dict[str, Group], dict[str, Category]]:
    if node is None:
        return {}, {}, {}
    with reading.fields(node) as file:
        defaults, required = read_defaults(reading, file)
        kinds, groups = read_kinds(reading, file), read_groups(reading, file)
        return kinds, groups, read_categories(reading, file, defaults, required)
