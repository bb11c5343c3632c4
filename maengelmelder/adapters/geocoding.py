"""Geocoders: the one that the city has named, or a twin in memory."""

from collections.abc import Sequence

from maengelmelder.adapters.geocoding_nominatim import Nominatim
from maengelmelder.adapters.geocoding_photon import Photon
from maengelmelder.adapters.geocoding_source import Source
from maengelmelder.domain.addresses import Address, name_key, nearest_of, number_key, read_typed
from maengelmelder.domain.places import Bounds, Place
from maengelmelder.ports import Geocoder
from maengelmelder.settings import Settings


def geocoder_for(settings: Settings) -> Geocoder | None:
    """The geocoder of the setting `GEOCODER`, such as `photon:https://photon.example`; None: the city has none."""
    kind, _, url = settings.geocoder.partition(":")
    if not kind:
        return None
    source = Source(url, contact=settings.base_url)
    return Photon(source) if kind == "photon" else Nominatim(source)


class MemoryGeocoder:
    """Knows a few addresses; finds one by the beginning of its street and its whole number."""

    suggests = True

    def __init__(self, addresses: Sequence[Address]) -> None:
        self._addresses = addresses

    def search(self, text: str, within: Bounds, limit: int) -> list[Address]:
        """Those whose street begins as typed."""
        typed = read_typed(text)
        found = [a for a in self._addresses if typed.name and name_key(a.street).startswith(typed.name)]
        found = [a for a in found if not typed.number or number_key(a.housenumber) == typed.number]
        return [a for a in found if within.holds(a.place)][:limit]

    def reverse(self, place: Place) -> Address | None:
        """The nearest one."""
        return nearest_of(place, self._addresses)
