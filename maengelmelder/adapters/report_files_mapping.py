"""The mapping: a small YAML file that says what an older system's columns and words mean here (docs/import.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import available_timezones

from maengelmelder.adapters.city_directory.fields import Fields
from maengelmelder.adapters.city_directory.nodes import Entry, Listing, Node, Scalar, Table, compose
from maengelmelder.adapters.city_directory.problems import Findings, Problem, suggest
from maengelmelder.adapters.report_files import ENCODINGS, FORMATS, OWN_LAT, OWN_LON, Layout, format_of
from maengelmelder.domain.tickets import DECLINE_REASONS, Status

COLUMNS = ("id", "description", "address", "lon", "lat", "category", "reported", "status", "closed", "area")
RELEASABLE = ("description", "address")
SIGNS = {"auto": "", "comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
MAX_BYTES = 1_000_000
MAX_SOURCE = 60
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class End:
    """What an old status means here; `reason` for a declined one, `receiver` (a department) for a forwarded one."""

    status: Status = Status.RECEIVED
    reason: str = ""
    receiver: str = ""


@dataclass(frozen=True)
class Words:
    """An old word → a key here; `default` (a key) for all others, empty if there is none."""

    values: Mapping[str, str] = field(default_factory=dict)
    default: str = ""


@dataclass(frozen=True)
class ReportMapping:
    """The whole mapping. columns: what stands in which columns, joined where there are several."""

    source: str
    layout: Layout
    columns: Mapping[str, tuple[str, ...]]
    decimal: str = "."
    time_formats: tuple[str, ...] = ()
    time_zone: str = ""
    category: Words = Words()
    area: Words = Words()
    statuses: Mapping[str, End] = field(default_factory=dict)
    other_status: End | None = None
    release: tuple[str, ...] = ()


class MappingError(Exception):
    """The mapping cannot be used; `problems` holds everything that is wrong, with lines."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def read_mapping(path: Path, reports: Path) -> ReportMapping:
    """The mapping for a file of reports; raises MappingError."""
    findings = Findings()
    mapping = None
    try:
        text = path.read_bytes()[:MAX_BYTES].decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise MappingError([Problem(path.name, 0, "Die Datei lässt sich nicht lesen (YAML in UTF-8).")]) from None
    node = compose(path.name, text, findings)
    if node is not None:
        mapping = _mapping(node, reports, findings)
    if findings.errors or mapping is None:
        raise MappingError(findings.errors)
    return mapping


def _mapping(node: Node, reports: Path, findings: Findings) -> ReportMapping:
    with Fields(node, findings) as file:
        form = file.choice("format", FORMATS, format_of(reports))
        columns = _columns(file, form)
        formats, zone = _time(file)
        statuses, other = _statuses(file)
        return ReportMapping(
            source=_source(file),
            layout=_layout(file, form, columns),
            columns=columns,
            decimal=file.choice("decimal", (".", ","), "."),
            time_formats=formats,
            time_zone=zone,
            category=_words(file, "category"),
            area=_words(file, "area"),
            statuses=statuses,
            other_status=other,
            release=_release(file),
        )


def _source(file: Fields) -> str:
    source = file.needed("source", limit=MAX_SOURCE)
    if source and not _SOURCE.fullmatch(source):
        file.error(file.spot_of("source"), '"source" darf nur a–z, A–Z, 0–9 und _ . - enthalten.')
    return source


def _layout(file: Fields, form: str, columns: Mapping[str, tuple[str, ...]]) -> Layout:
    encoding = file.choice("encoding", tuple(ENCODINGS), "utf-8")
    delimiter = file.text("delimiter", "auto")
    if delimiter not in SIGNS and delimiter not in SIGNS.values():
        file.error(file.spot_of("delimiter"), f'"delimiter" muss eines von {", ".join(SIGNS)} sein.')
    needed = dict.fromkeys(name for names in columns.values() for name in names)
    return Layout(form, encoding, SIGNS.get(delimiter, delimiter), tuple(needed))


def _columns(file: Fields, form: str) -> dict[str, tuple[str, ...]]:
    node = file.node("columns")
    if node is None:
        file.error(file.spot, '"columns" fehlt: welche Spalte was enthält.')
        return {}
    with Fields(node, file.findings, "Spalten (columns)") as fields:
        columns = {name: tuple(word.value for word in fields.words(name)) for name in COLUMNS}
    columns = {name: names for name, names in columns.items() if names}
    if form == "geojson" and not {"lon", "lat"} & set(columns):
        columns |= {"lon": (OWN_LON,), "lat": (OWN_LAT,)}
    _check_columns(file, columns)
    return columns


def _check_columns(file: Fields, columns: Mapping[str, tuple[str, ...]]) -> None:
    spot = file.spot_of("columns")
    if ("lon" in columns) != ("lat" in columns):
        file.error(spot, '"lon" und "lat" gehören zusammen.')
    if "lon" not in columns and "address" not in columns:
        file.error(spot, 'Es fehlt, wo etwas ist: "lon" und "lat", oder "address".')
    if "reported" not in columns:
        file.error(spot, '"reported" fehlt: wann gemeldet wurde.')


def _words(file: Fields, name: str) -> Words:
    node = file.node(name)
    if node is None:
        return Words()
    with Fields(node, file.findings, name) as fields:
        values = {}
        for entry in fields.entries("values"):
            if isinstance(entry.node, Scalar):
                values[entry.key.value] = entry.node.value
            else:
                fields.error(entry.node.spot, "Hier muss ein Schlüssel stehen.")
        return Words(values, fields.text("default"))


def _time(file: Fields) -> tuple[tuple[str, ...], str]:
    node = file.node("time")
    if node is None:
        return (), ""
    with Fields(node, file.findings, "Zeiten (time)") as fields:
        formats = tuple(word.value for word in fields.words("format"))
        zone = fields.text("zone")
        if zone and zone not in available_timezones():
            hint = suggest(zone, sorted(available_timezones()))
            fields.error(fields.spot_of("zone"), f'Die Zeitzone "{zone}" gibt es nicht.{hint}')
        return formats, zone


def _statuses(file: Fields) -> tuple[dict[str, End], End | None]:
    node = file.node("status")
    if node is None:
        return {}, None
    with Fields(node, file.findings, "Status (status)") as fields:
        statuses = {entry.key.value: _end(entry.node, file.findings) for entry in fields.entries("values")}
        default = fields.node("default")
        return statuses, None if default is None else _end(default, file.findings)


def _end(node: Node, findings: Findings) -> End:
    """`resolved`, or `{status: declined, reason: no_duty}`, or `{status: forwarded, receiver: stba}`."""
    if isinstance(node, Scalar):
        node = Table(node.spot, {"status": Entry(Scalar(node.spot, "status"), node)})
    with Fields(node, findings, "Status (status)") as fields:
        status = Status(fields.choice("status", [s.value for s in Status], Status.RECEIVED.value))
        reason, receiver = fields.text("reason"), fields.text("receiver")
        if (status is Status.DECLINED) != (reason in DECLINE_REASONS) or (reason and reason not in DECLINE_REASONS):
            fields.error(fields.spot, f"Nur zu declined gehört ein reason, eines von: {', '.join(DECLINE_REASONS)}.")
        if (status is Status.FORWARDED) != bool(receiver):
            fields.error(fields.spot, "Nur zu forwarded gehört receiver, der Schlüssel einer Dienststelle.")
        return End(status, reason, receiver)


def _release(file: Fields) -> tuple[str, ...]:
    node = file.node("release")
    words = file.words("release") if isinstance(node, Scalar | Listing) else ()
    for word in words:
        if word.value not in RELEASABLE:
            file.error(word.spot, f'"release" kann nur {" und ".join(RELEASABLE)} enthalten, nicht "{word.value}".')
    return tuple(word.value for word in words)
