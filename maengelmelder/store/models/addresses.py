"""The gazetteer: streets, house numbers and names of places that the city has imported."""

from datetime import datetime

from geoalchemy2 import Geometry, WKBElement, WKTElement
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from maengelmelder.store.models.base import Base
from maengelmelder.store.types import SRID


class AddressSource(Base):
    """Where entries came from. `stamp` is another after every import, so that caches notice."""

    __tablename__ = "address_sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    attribution: Mapped[str] = mapped_column(String(200), default="")
    stamp: Mapped[str] = mapped_column(String(32))
    imported_at: Mapped[datetime]


class KnownAddress(Base):
    """An entry; `key` and `number_key` are street and number without what people write in several ways."""

    __tablename__ = "addresses"
    __table_args__ = (Index("ix_addresses_key_number_key", "key", "number_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("address_sources.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    street: Mapped[str] = mapped_column(String(200))
    housenumber: Mapped[str] = mapped_column(String(20), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    locality: Mapped[str] = mapped_column(String(100), default="")
    key: Mapped[str] = mapped_column(String(400))
    number_key: Mapped[str] = mapped_column(String(20), default="")
    position: Mapped[WKBElement | WKTElement | None] = mapped_column(Geometry("POINT", srid=SRID))
