"""A small, invented gazetteer in the middle of Landshut."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from maengelmelder.adapters.address_files import BadEntry, read_addresses
from maengelmelder.services.administering.import_addresses import Found, import_addresses
from maengelmelder.store.queries.catalogue import get_catalogue

ADDRESSES = Path(__file__).parent / "data" / "addresses"
OSM, CSV = ADDRESSES / "trifling.osm", ADDRESSES / "trifling.csv"


def know_addresses(session: Session, now: datetime, file: Path = OSM, *, source: str = "OpenStreetMap") -> Found:
    """Let the city know the invented streets; committed."""
    found, catalogue = Found(), get_catalogue(session)
    for one in read_addresses(file):
        if isinstance(one, BadEntry):
            found.refuse(one.reason)
        else:
            found.take(catalogue, one)
    import_addresses(session, found, source=source, attribution="© OpenStreetMap", replace=True, now=now)
    session.commit()
    return found
