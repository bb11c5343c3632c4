"""What the running application consists of, beside its database: settings, clock, and the ports' adapters."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime

from flask import Flask, current_app

from maengelmelder.ports import Geocoder, Mailer, PhotoDecoder, PhotoStore, Suggester
from maengelmelder.settings import Settings

KEY = "maengelmelder"


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """The adapters that `app.create_app` chose; tests bring twins and their own clock."""

    settings: Settings
    photos: PhotoStore
    decoder: PhotoDecoder
    mailer: Mailer
    now: Callable[[], datetime] = utc_now
    _: KW_ONLY
    suggester: Suggester
    geocoder: Geocoder | None = None


def house(app: Flask | None = None) -> House:
    """The house of the application at work."""
    extensions = (app or current_app).extensions
    found: House = extensions[KEY]
    return found
