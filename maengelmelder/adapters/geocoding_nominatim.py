"""Nominatim (nominatim.org/release-docs/latest/api/Search), answers in the form `jsonv2`."""

from collections.abc import Iterator, Mapping
from typing import Any

from maengelmelder.adapters.address_files_entries import entry
from maengelmelder.adapters.geocoding_source import Source
from maengelmelder.domain.addresses import Address, Kind
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import Bounds, Place, place_of

STREET = ("road", "pedestrian", "footway", "path", "cycleway", "square", "place")
TOWN = ("city", "town", "village", "municipality", "hamlet")
DISTRICT = ("suburb", "quarter", "neighbourhood", "hamlet", "village")
FORM = {"format": "jsonv2", "addressdetails": "1", "accept-language": "de"}
HOUSE_ZOOM = "18"


class Nominatim:
    """Its usage policy forbids searching while somebody types, hence `suggests`."""

    suggests = False

    def __init__(self, source: Source) -> None:
        self._source = source

    def search(self, text: str, within: Bounds, limit: int) -> list[Address]:
        """At most `limit` addresses inside the bounds; raises GeocoderUnavailable."""
        box = f"{within.west:.4f},{within.north:.4f},{within.east:.4f},{within.south:.4f}"
        query = {"q": text, **FORM, "limit": str(limit), "viewbox": box, "bounded": "1"}
        answer = self._source.ask("search", query)
        found = _addresses(answer if isinstance(answer, list) else ())
        return [address for address in found if within.holds(address.place)][:limit]

    def reverse(self, place: Place) -> Address | None:
        """The nearest address; raises GeocoderUnavailable."""
        query = {"lat": f"{place.lat:.5f}", "lon": f"{place.lon:.5f}", **FORM, "zoom": HOUSE_ZOOM}
        return next(_addresses([self._source.ask("reverse", query)]), None)


def _addresses(answer: Any) -> Iterator[Address]:
    for found in answer:
        if isinstance(found, Mapping) and isinstance(found.get("address"), Mapping):
            address = _address(found, found["address"])
            if isinstance(address, Address):
                yield address


def _address(found: Mapping[str, Any], parts: Mapping[str, Any]) -> Any:
    try:
        place = place_of(str(found.get("lon")), str(found.get("lat")))
    except Refusal:
        return None
    number, street = _first(parts, ("house_number",)), _first(parts, STREET)
    name = str(found.get("name") or "")
    kind: Kind = "address" if number and street else "street" if street and name in ("", street) else "poi"
    words = street if kind != "poi" else name or _first(parts, DISTRICT)
    return entry(
        kind,
        words,
        place,
        housenumber=number if kind == "address" else "",
        postcode=_first(parts, ("postcode",)),
        locality=_first(parts, TOWN),
    )


def _first(parts: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(parts[name]) for name in names if parts.get(name)), "")
