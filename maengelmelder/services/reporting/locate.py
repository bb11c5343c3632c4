"""Where a report is: from typed words to a point, and from a point to words, by the city's gazetteer."""

from dataclasses import replace

from sqlalchemy.orm import Session

from maengelmelder.domain.addresses import nearby
from maengelmelder.domain.places import Place
from maengelmelder.domain.reports import Draft
from maengelmelder.store.queries.addresses import find_exact_address, find_nearest_address


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
