"""The kinds of reports and the groups (tiles) of `catalogue.yaml`."""

import re
from datetime import date

from maengelmelder.adapters.city_directory.fields import Fields
from maengelmelder.adapters.city_directory.keys import is_key
from maengelmelder.adapters.city_directory.nodes import Entry, Scalar, Table
from maengelmelder.adapters.city_directory.reading import Reading
from maengelmelder.domain.catalogue import Group
from maengelmelder.domain.city import Kind

USUAL_KIND = "problem"  # what Category.kind is when nothing is said
_ICON = re.compile(r"[a-z0-9-]{1,40}")


def read_kinds(reading: Reading, file: Fields) -> dict[str, Kind]:
    """The kinds of reports (Meldungsarten) by key; without any there are defects only."""
    kinds = {entry.key.value: _kind(reading, entry) for entry in reading.named(file.entries("kinds"))}
    if sum(kind.default for kind in kinds.values()) > 1:
        file.error(file.spot_of("kinds"), 'Nur eine Meldungsart kann "default: true" haben.')
    reading.references.declare("Meldungsart", kinds or {USUAL_KIND})
    return kinds


def read_groups(reading: Reading, file: Fields) -> dict[str, Group]:
    """The groups by key, in the order in which the tiles stand."""
    groups: dict[str, Group] = {}
    for row in file.rows("groups"):
        group = _group(reading, row)
        if group.key in groups:
            file.error(row.spot, f'Die Gruppe "{group.key}" gibt es zweimal.')
        groups[group.key] = group
    if not groups:
        file.error(file.spot_of("groups"), "Es muss mindestens eine Gruppe geben.")
    reading.references.declare("Gruppe", groups)
    return groups


def _kind(reading: Reading, entry: Entry) -> Kind:
    key = entry.key.value
    with reading.fields(entry.node, f'Meldungsart "{key}"') as fields:
        return Kind(
            key=key,
            label=reading.texts.of(("kinds", key), fields.needed("label")),
            default=fields.flag("default", False),
            votes=fields.flag("votes", False),
            public=fields.flag("public", True),
        )


def _group(reading: Reading, row: Table) -> Group:
    with reading.fields(row, "Gruppe") as fields:
        key = fields.needed("key")
        if key:
            is_key(Scalar(fields.spot_of("key"), key), reading.findings)
            fields.what = f'Gruppe "{key}"'
        icon = fields.text("icon", "more")
        if not _ICON.fullmatch(icon):
            fields.error(fields.spot_of("icon"), f'"{icon}" ist kein Name eines Symbols (a–z, 0–9, -).')
        return Group(key, reading.texts.of(("groups", key), fields.needed("label")), icon, _season(reading, fields))


def _season(reading: Reading, group: Fields) -> tuple[str, str] | None:
    node = group.node("season")
    if node is None:
        return None
    with reading.fields(node, f"{group.what}, season") as fields:
        first, last = fields.needed("from"), fields.needed("to")
        for name, day in (("from", first), ("to", last)):
            if day and not _is_day_of_year(day):
                fields.error(fields.spot_of(name), f'"{day}" ist kein Tag der Form "10-15" (Monat-Tag).')
        return (first, last) if first and last else None


def _is_day_of_year(text: str) -> bool:
    try:
        date.fromisoformat(f"2024-{text}")  # a year that has 29 February
    except ValueError:
        return False
    return len(text) == 5
