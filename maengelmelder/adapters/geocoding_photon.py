"""Photon (github.com/komoot/photon, "Using the API"), answers in GeoJSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from maengelmelder.adapters.address_files_entries import entry
from maengelmelder.adapters.geocoding_source import Source
from maengelmelder.domain.addresses import Address, Kind
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import Bounds, Place, place_of

LANGUAGE = {"lang": "de"}
NEAR_KM = "0.2"


class Photon:
    """Made for searching while somebody types."""

    suggests = True

    def __init__(self, source: Source) -> None:
        self._source = source

    def search(self, text: str, within: Bounds, limit: int) -> list[Address]:
        """At most `limit` addresses inside the bounds; raises GeocoderUnavailable."""
        box = f"{within.west:.4f},{within.south:.4f},{within.east:.4f},{within.north:.4f}"
        found = _addresses(self._source.ask("api", {"q": text, "limit": str(limit), "bbox": box, **LANGUAGE}))
        return [address for address in found if within.holds(address.place)][:limit]

    def reverse(self, place: Place) -> Address | None:
        """The nearest address; raises GeocoderUnavailable."""
        query = {"lon": f"{place.lon:.5f}", "lat": f"{place.lat:.5f}", "radius": NEAR_KM, "limit": "1", **LANGUAGE}
        return next(_addresses(self._source.ask("reverse", query)), None)


def _addresses(answer: Any) -> Iterator[Address]:
    features = answer.get("features") if isinstance(answer, Mapping) else ()
    for feature in features if isinstance(features, list) else ():
        try:
            address = _address(feature["properties"], *feature["geometry"]["coordinates"][:2])
        except (KeyError, TypeError, AttributeError, Refusal):  # not in the form that is documented
            continue
        if isinstance(address, Address):
            yield address


def _address(parts: Mapping[str, Any], lon: Any, lat: Any) -> Any:
    number, street, name = (str(parts.get(key) or "") for key in ("housenumber", "street", "name"))
    kind: Kind = "address" if number and street else "street" if parts.get("type") == "street" else "poi"
    return entry(
        kind,
        street if kind == "address" else name or street,
        place_of(str(lon), str(lat)),
        housenumber=number if kind == "address" else "",
        postcode=str(parts.get("postcode") or ""),
        locality=str(parts.get("city") or parts.get("county") or ""),
    )
