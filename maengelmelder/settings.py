"""The settings: environment variables `MAENGELMELDER_…`, each also as `…_FILE` with the value in a file."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "MAENGELMELDER_"
TOPPLUS_OPEN = "https://sgx.geodatenzentrum.de/wmts_topplus_open/tile/1.0.0/web/default/WEBMERCATOR/{z}/{y}/{x}.png"


class SettingError(Exception):
    """A setting has a wrong value; the message is the one sentence that the start ends with."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs from one installation to the next, checked."""

    data: Path
    database_url: str
    photos: Path
    mail: str
    mail_from: str
    secret_key: str
    base_url: str
    city: Path
    publish: Literal["review", "immediate"]
    tiles: str
    translations: Path | None
    geocoder: str
    rate_limits: bool
    trusted_proxies: int
    second_factor: Literal["required", "optional"]
    host: str
    port: int

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded SpatiaLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def suggestions(self) -> Path:
        """Directory of what the city has learnt for suggesting categories."""
        return self.data / "suggestions"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process; raises SettingError with a sentence that names the variable."""
    values = _Values(environment)
    data = Path(values.get("DATA", str(ROOT / "instance"))).absolute()
    host, port = values.get("HOST", "127.0.0.1"), values.number("PORT", "8000", 65535)
    return Settings(
        data=data,
        database_url=_database_url(values, data),
        photos=_photos(values, data),
        mail=_mail(values),
        mail_from=_mail_from(values),
        secret_key=_secret_key(values, data),
        base_url=_base_url(values, f"http://{host}:{port}"),
        city=_city(values),
        publish=cast(Literal["review", "immediate"], values.choice("PUBLISH", ("review", "immediate"))),
        tiles=_tiles(values),
        translations=_translations(values),
        geocoder=_geocoder(values),
        rate_limits=values.choice("RATE_LIMITS", ("on", "off")) == "on",
        trusted_proxies=values.number("TRUSTED_PROXIES", "0", 10),
        second_factor=cast(Literal["required", "optional"], values.choice("SECOND_FACTOR", ("required", "optional"))),
        host=host,
        port=port,
    )


class _Values:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def get(self, name: str, default: str = "") -> str:
        full = PREFIX + name
        path = self._environment.get(f"{full}_FILE")
        if path is None:
            return self._environment.get(full, default)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{full}_FILE: cannot read {path}: {error}.") from None

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.get(name, allowed[0])
        if value not in allowed:
            raise SettingError(f"{PREFIX}{name} is {value!r}; it must be one of: {', '.join(allowed)}.")
        return value

    def number(self, name: str, default: str, largest: int) -> int:
        value = self.get(name, default)
        if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) <= largest):
            raise SettingError(f"{PREFIX}{name} is {value!r}; it must be a whole number from 0 to {largest}.")
        return int(value)


def _database_url(values: _Values, data: Path) -> str:
    url = values.get("DATABASE_URL") or f"sqlite:///{data / 'maengelmelder.sqlite'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingError(f"{PREFIX}DATABASE_URL must start with sqlite:/// or postgresql://.")
    return url


def _photos(values: _Values, data: Path) -> Path:
    url = values.get("PHOTOS") or f"file://{data / 'photos'}"
    if not url.startswith("file:///"):
        raise SettingError(f"{PREFIX}PHOTOS is {url!r}; it must be file:/// and an absolute path.")
    return Path(url.removeprefix("file://"))


def _mail(values: _Values) -> str:
    url = values.get("MAIL")
    if url and not _is_url(url, ("smtp", "smtps")):
        raise SettingError(f"{PREFIX}MAIL must look like smtp://host:25 or smtps://user:password@host:465.")
    return url


def _is_url(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an address, a port beyond 65535
        return False


def _mail_from(values: _Values) -> str:
    sender = values.get("MAIL_FROM", "maengelmelder@localhost")
    if "@" not in sender or any(ord(c) < 32 for c in sender):
        raise SettingError(f"{PREFIX}MAIL_FROM is {sender!r}; it must be an e-mail address.")
    return sender


def _secret_key(values: _Values, data: Path) -> str:
    key = values.get("SECRET_KEY")
    if not key:
        return _own_secret_key(data / "secret_key")
    if len(key) < 32:
        raise SettingError(f"{PREFIX}SECRET_KEY is too short: 32 characters at least.")
    return key


def _own_secret_key(path: Path) -> str:
    """A key made at the first start and kept beside the database, so that nobody runs with a known one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key


def _base_url(values: _Values, default: str) -> str:
    url = values.get("BASE_URL", default).rstrip("/")
    if not _is_url(url, ("http", "https")):
        raise SettingError(f"{PREFIX}BASE_URL is {url!r}; it must start with http:// or https://.")
    return url


def _city(values: _Values) -> Path:
    city = Path(values.get("CITY", str(ROOT / "cities" / "landshut")))
    if not city.is_dir():
        raise SettingError(f"{PREFIX}CITY is {str(city)!r}, which is not a directory.")
    return city


def _tiles(values: _Values) -> str:
    pattern = values.get("TILES", TOPPLUS_OPEN)
    if pattern and sorted(re.findall(r"\{(\w*)\}", pattern)) != ["x", "y", "z"]:
        raise SettingError(f"{PREFIX}TILES must hold {{z}}, {{x}} and {{y}}, or be empty.")
    return pattern


def _translations(values: _Values) -> Path | None:
    directory = values.get("TRANSLATIONS")
    if directory and not Path(directory).is_dir():
        raise SettingError(f"{PREFIX}TRANSLATIONS is {directory!r}, which is not a directory.")
    return Path(directory).absolute() if directory else None


def _geocoder(values: _Values) -> str:
    geocoder = values.get("GEOCODER")
    kind, _, url = geocoder.partition(":")
    if geocoder and (kind not in ("nominatim", "photon") or not _is_url(url, ("http", "https"))):
        raise SettingError(f"{PREFIX}GEOCODER must look like nominatim:https://host or photon:https://host.")
    return geocoder.rstrip("/")
