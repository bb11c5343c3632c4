"""Reading the filters of lists and map from the address; the same words for people and machines."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import request

from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import Bounds, place_of
from maengelmelder.domain.reports import printable
from maengelmelder.domain.tickets import GROUPS, Group, Status
from maengelmelder.store.queries.public import LONGEST_NUMBER, Filter

LONGEST_WORDS = 100
LONGEST_COORDINATE = 30  # characters


def read_filter(catalogue: Catalogue) -> Filter:
    """The filter that this request asks for. Raises Refusal with the name of the parameter that makes no sense."""
    bbox, since, before = (request.args.get(name, "").strip() for name in ("bbox", "since", "before"))
    return Filter(
        bounds=bounds_of(bbox) if bbox else None,
        categories=_categories(catalogue),
        statuses=_statuses(chosen("status")),
        since=_since(since) if since else None,
        words=printable(request.args.get("q", "")).strip()[:LONGEST_WORDS],
        before=whole_number(before, "before") if before else None,
    )


def read_kind_filter(catalogue: Catalogue) -> Filter:
    """As `read_filter`, but for people: what makes no sense is left out."""
    try:
        return read_filter(catalogue)
    except Refusal:
        return Filter()


def chosen(name: str) -> list[str]:
    """The values of a filter: repeated or parted by commas."""
    return [value for part in request.args.getlist(name) for value in part.split(",") if value]


def bounds_of(text: str) -> Bounds:
    """A rectangle from "west,south,east,north"; raises Refusal `bbox_invalid`."""
    parts = text.split(",")
    if len(parts) != 4 or any(len(part) > LONGEST_COORDINATE for part in parts):
        raise Refusal("bbox_invalid", "bbox")
    try:
        low, high = place_of(parts[0], parts[1]), place_of(parts[2], parts[3])
    except Refusal:
        raise Refusal("bbox_invalid", "bbox") from None
    if low.lon > high.lon or low.lat > high.lat:
        raise Refusal("bbox_invalid", "bbox")
    return Bounds(low.lon, low.lat, high.lon, high.lat)


def whole_number(text: str, name: str) -> int:
    """A number from untrusted text; raises Refusal `number_invalid`."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise Refusal("number_invalid", name)
    return int(text)


def _categories(catalogue: Catalogue) -> list[str] | None:
    """Categories by their own keys or by their groups'; None: all."""
    keys, groups = chosen("category"), chosen("group")
    if not keys and not groups:
        return None
    return [
        category.key
        for category in catalogue.categories.values()
        if (not groups or category.group in groups) and (not keys or category.key in keys)
    ]


def _statuses(values: Iterable[str]) -> tuple[Status, ...]:
    found: list[Status] = []
    for value in values:
        if value in {group.value for group in Group}:
            found += [status for status, group in GROUPS.items() if group == value]
        elif value in {status.value for status in Status}:
            found.append(Status(value))
        else:
            raise Refusal("status_unknown", "status")
    return tuple(found)


def _since(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text[:LONGEST_WORDS])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal("since_invalid", "since") from None
