"""A last look over the whole catalogue: what no single file can tell."""

import re

from maengelmelder.adapters.city_directory.problems import Spot, suggest
from maengelmelder.adapters.city_directory.reading import Reading
from maengelmelder.domain.catalogue import Catalogue

FILES = ("city.yaml", "departments.yaml", "catalogue.yaml", "areas.yaml", "emergency.yaml")
_YAML = re.compile(r".*\.ya?ml")


def look_over(reading: Reading, catalogue: Catalogue) -> None:
    """Report circles of successors; warn of files that nobody reads, of empty groups, of what lacks a boundary."""
    _report_circles(reading, catalogue)
    _warn_of_unread_files(reading)
    _warn_of_silence(reading, catalogue)
    _warn_of_empty_groups(reading, catalogue)
    _warn_of_place(reading, catalogue)


def _report_circles(reading: Reading, catalogue: Catalogue) -> None:
    for key in catalogue.categories:
        seen, current = [key], catalogue.categories[key].successor
        while current in catalogue.categories and current not in seen:
            seen.append(current)
            current = catalogue.categories[current].successor
        if current == key and len(seen) > 1 and key == min(seen):
            message = f"Die Nachfolge (successor) läuft im Kreis: {' → '.join([*seen, key])}."
            reading.findings.error(Spot("catalogue.yaml"), message)


def _warn_of_unread_files(reading: Reading) -> None:
    read = {*FILES, *reading.overlay_files()}
    for path in sorted(reading.directory.iterdir()):
        if _YAML.fullmatch(path.name) and path.name not in read:
            hint = suggest(path.name, FILES)
            reading.findings.warn(Spot(path.name), f"Diese Datei wird nicht gelesen.{hint}")


def _warn_of_silence(reading: Reading, catalogue: Catalogue) -> None:
    for key, department in catalogue.departments.items():
        if not department.email and department.kind == "intern":
            message = f'Dienststelle "{key}" hat keine E-Mail-Adresse und erfährt von Meldungen nur im Programm.'
            reading.findings.warn(Spot("departments.yaml"), message)


def _warn_of_empty_groups(reading: Reading, catalogue: Catalogue) -> None:
    for key in catalogue.groups:
        if not catalogue.active_in(key):
            reading.findings.warn(Spot("catalogue.yaml"), f'Die Gruppe "{key}" hat keine Kategorie.')


def _warn_of_place(reading: Reading, catalogue: Catalogue) -> None:
    boundary, centre = catalogue.boundary, catalogue.city.centre
    if boundary is None:
        reading.findings.warn(Spot("areas.yaml"), "Ohne Stadtgrenze (kind: boundary) gilt jeder Ort als innerhalb.")
    elif centre is not None and not boundary.covers(centre):
        reading.findings.warn(Spot("city.yaml"), "Der Mittelpunkt (centre) liegt nicht in der Stadtgrenze.")
