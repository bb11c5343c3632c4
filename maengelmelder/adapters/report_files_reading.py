"""From the text of a row to an old report: columns joined, words looked up, times given their zone."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from maengelmelder.adapters.city_directory.keys import slug
from maengelmelder.adapters.report_files import Row
from maengelmelder.adapters.report_files_mapping import End, ReportMapping, Words
from maengelmelder.domain.catalogue import Area, Catalogue
from maengelmelder.domain.errors import Refusal, Refusals
from maengelmelder.domain.old_reports import OldReport
from maengelmelder.domain.places import Place, place_of
from maengelmelder.domain.reports import Draft
from maengelmelder.domain.tickets import Status

JOINS: Mapping[str, str] = {"id": "|", "description": "\n\n"}  # all others: a blank


def moment_of(text: str, formats: Iterable[str], zone: ZoneInfo) -> datetime:
    """A moment in UTC from text, by the first format that fits (`strptime`), or else ISO 8601.

    A time without an offset is local time of the zone. An hour that comes twice (autumn) is the first one, one that
    never was (spring) the one after it, as `zoneinfo` has it (PEP 495). Raises ValueError.
    """
    for form in formats:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows below
            break
        except ValueError:
            continue
    else:
        found = datetime.fromisoformat(text)
    return (found if found.tzinfo is not None else found.replace(tzinfo=zone)).astimezone(UTC)


class Lookup:
    """Finds a key by an old word: in the mapping's table, else by key, else by name, else the mapping's default."""

    def __init__(self, words: Words, names: Mapping[str, str]) -> None:
        self._words = words
        self._known = set(names)
        counts = Counter(slug(name) for name in names.values())
        self._by_name = {slug(name): key for key, name in names.items() if counts[slug(name)] == 1}

    def find(self, word: str) -> str:
        """The key; empty when nothing fits."""
        if word in self._words.values:
            return self._words.values[word]
        if word in self._known:
            return word
        return self._by_name.get(slug(word), "") or self._words.default

    def unknown(self) -> list[str]:
        """The keys that the mapping names and that do not exist."""
        named = [*self._words.values.values(), self._words.default]
        return sorted({key for key in named if key and key not in self._known})


class RowReader:
    """Reads rows by a mapping into a city's terms."""

    def __init__(self, mapping: ReportMapping, catalogue: Catalogue, areas: Iterable[Area]) -> None:
        self._mapping = mapping
        self._zone = ZoneInfo(mapping.time_zone or catalogue.city.timezone)
        self._areas = {area.key: area for area in areas}
        self._category = Lookup(mapping.category, {c.key: c.name.de for c in catalogue.categories.values()})
        self._area = Lookup(mapping.area, {area.key: area.name.de for area in self._areas.values()})
        self._receivers = {d.key for d in catalogue.departments.values() if d.kind != "intern"}
        self._seen: Counter[bytes] = Counter()

    def unknown_keys(self) -> list[str]:
        """Keys of categories, areas and receivers in the mapping that this city does not have."""
        ends = [*self._mapping.statuses.values(), self._mapping.other_status or End()]
        receivers = {end.receiver for end in ends if end.receiver and end.receiver not in self._receivers}
        return [*self._category.unknown(), *self._area.unknown(), *sorted(receivers)]

    def read(self, row: Row) -> OldReport:
        """The report of a row; raises Refusals with everything in it that cannot be read."""
        if row.faults:
            raise Refusals(list(row.faults))
        faults: list[Refusal] = []
        place = self._place(row, faults)
        reported = self._moment(row, "reported", faults)
        moved = self._moment(row, "closed", faults)
        end = self._end(row, faults)
        category = self._category_of(row, faults)
        areas = self._areas_of(row, faults)
        if reported is None and not any(fault.field == "reported" for fault in faults):
            faults.append(Refusal("time_missing", "reported"))
        if faults or reported is None:
            raise Refusals(faults)
        draft = Draft(category, place, None, self._text(row, "address"), self._text(row, "description"))
        moved = None if end.status is Status.RECEIVED else moved
        return OldReport(
            row.line, self.source_id(row), draft, reported, end.status, moved, end.reason, end.receiver, areas
        )

    def source_id(self, row: Row) -> str:
        """The old id; where the file has none, a digest of the row, numbered where rows are alike."""
        if "id" in self._mapping.columns:
            return self._text(row, "id")
        content = json.dumps(row.values, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")
        digest = hashlib.sha256(content).digest()[:16]
        self._seen[digest] += 1
        return f"{digest.hex()}-{self._seen[digest]}"

    def known_id(self, row: Row) -> str:
        """The old id as far as the row can be read, for telling people which one it was."""
        return self._text(row, "id")

    def _text(self, row: Row, name: str) -> str:
        parts = (row.values.get(column, "").strip() for column in self._mapping.columns.get(name, ()))
        return JOINS.get(name, " ").join(part for part in parts if part)

    def _place(self, row: Row, faults: list[Refusal]) -> Place | None:
        lon, lat = (self._number(self._text(row, name)) for name in ("lon", "lat"))
        if not lon and not lat:
            return None
        try:
            return place_of(lon, lat)
        except Refusal as fault:
            faults.append(fault)
            return None

    def _number(self, text: str) -> str:
        return text.replace(".", "").replace(",", ".") if self._mapping.decimal == "," else text

    def _moment(self, row: Row, name: str, faults: list[Refusal]) -> datetime | None:
        text = self._text(row, name)
        if not text:
            return None
        try:
            return moment_of(text, self._mapping.time_formats, self._zone)
        except (ValueError, OverflowError):
            faults.append(Refusal("time_unreadable", name, text=text[:40]))
            return None

    def _end(self, row: Row, faults: list[Refusal]) -> End:
        old = self._text(row, "status")
        if old in self._mapping.statuses:
            return self._mapping.statuses[old]
        if self._mapping.other_status is not None:
            return self._mapping.other_status
        if old:
            faults.append(Refusal("status_unmapped", "status", text=old[:80]))
        return End()

    def _category_of(self, row: Row, faults: list[Refusal]) -> str:
        old = self._text(row, "category")
        key = self._category.find(old)
        if not key:
            faults.append(Refusal("category_unmapped", "category", text=old[:80]))
        return key

    def _areas_of(self, row: Row, faults: list[Refusal]) -> tuple[Area, ...]:
        old = self._text(row, "area")
        if not old and "" not in self._mapping.area.values:
            return ()
        key = self._area.find(old)
        if key in self._areas:
            return (self._areas[key],)
        if old and old not in self._mapping.area.values:
            faults.append(Refusal("area_unmapped", "area", text=old[:80]))
        return ()
