"""Where a report is: from typed words to a point, and from a point to words.

The city's own gazetteer comes first. A geocoder is asked only where it knows nothing, and never while a report is
taken in: nobody waits for a stranger's server inside a transaction that writes.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from maengelmelder.domain.addresses import Address, nearby
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.city_limits import city_bounds, is_inside
from maengelmelder.domain.places import Place
from maengelmelder.domain.reports import Draft
from maengelmelder.ports import Geocoder, GeocoderUnavailable
from maengelmelder.store.queries.addresses import find_addresses, find_exact_address, find_nearest_address


def locate(session: Session, draft: Draft) -> Draft:
    """The draft with the position of its typed address, if it has none and just one house is called so."""
    if draft.place is not None or not draft.address.strip():
        return draft
    address = find_exact_address(session, draft.address)
    return draft if address is None else replace(draft, place=address.place)


def describe(session: Session, place: Place | None) -> str:
    """Words for a place, such as `bei Altstadt 12`; empty where the gazetteer knows nothing near."""
    address = None if place is None else find_nearest_address(session, place)
    return "" if address is None else nearby(address)


def find_suggestions(
    session: Session, catalogue: Catalogue, geocoder: Geocoder | None, text: str, limit: int, *, is_whole: bool
) -> list[Address]:
    """What somebody may mean, the likeliest first. is_whole: they have finished typing and want to know."""
    found, bounds = find_addresses(session, text, limit), city_bounds(catalogue)
    if found or geocoder is None or bounds is None or not text.strip() or not (is_whole or geocoder.suggests):
        return found
    try:
        strangers = geocoder.search(text, bounds, limit)
    except GeocoderUnavailable:
        return []
    return [address for address in strangers if is_inside(catalogue, address.place)]


def find_address_at(session: Session, catalogue: Catalogue, geocoder: Geocoder | None, place: Place) -> Address | None:
    """The address nearest to a place of the city, if any is known."""
    address = find_nearest_address(session, place)
    if address is not None or geocoder is None or not is_inside(catalogue, place):
        return address
    try:
        return geocoder.reverse(place)
    except GeocoderUnavailable:
        return None
