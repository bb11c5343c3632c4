"""Fetching tiles of the base map from the one upstream that the city chose, and keeping them on disk."""

import secrets
import threading
import time
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

TIMEOUT_SECONDS = 5
MAX_BYTES = 1024 * 1024
KEPT_SECONDS = 30 * 24 * 3600
AT_ONCE = 4  # a slow upstream must not take every thread of the server
PAUSE_SECONDS = 10.0  # after a failure, so that a dead upstream costs one wait and not one for each tile
PNG = b"\x89PNG\r\n\x1a\n"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

_slots = threading.BoundedSemaphore(AT_ONCE)


class TileUnavailable(Exception):
    """The upstream cannot or will not give this tile now."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """None makes a redirect an error: the city named one host, and only that one is asked."""


class MapTiles:
    """A cache of tiles in a directory. upstream: URL pattern with {z}, {x} and {y}; https, or http on loopback."""

    def __init__(self, root: Path, upstream: str) -> None:
        self.root, self.upstream = root, upstream
        self._silent_until = 0.0
        self._opener = build_opener(_NoRedirects)

    def get(self, z: int, x: int, y: int) -> bytes:
        """The PNG; an old copy where the upstream fails. Raises TileUnavailable."""
        path = self.root / str(z) / str(x) / f"{y}.png"
        kept, age = _read(path)
        if kept is not None and age < KEPT_SECONDS:
            return kept
        try:
            tile = self._fetch(z, x, y)
        except TileUnavailable:
            if kept is None:
                raise
            return kept
        _write(path, tile)
        return tile

    def _fetch(self, z: int, x: int, y: int) -> bytes:
        url = self.upstream.format(z=z, x=x, y=y)
        _check_address(url)
        if time.monotonic() < self._silent_until or not _slots.acquire(blocking=False):
            raise TileUnavailable("resting")
        try:
            tile = self._download(url)
        except TileUnavailable:
            self._silent_until = time.monotonic() + PAUSE_SECONDS
            raise
        finally:
            _slots.release()
        return tile

    def _download(self, url: str) -> bytes:
        request = Request(url, headers={"User-Agent": "maengelmelder", "Accept": "image/png"})  # noqa: S310
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                tile: bytes = response.read(MAX_BYTES + 1)
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise TileUnavailable(type(error).__name__) from error
        if len(tile) > MAX_BYTES or not tile.startswith(PNG):
            raise TileUnavailable("not a tile")
        return tile


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise TileUnavailable("neither https nor this machine")


def _read(path: Path) -> tuple[bytes | None, float]:
    try:
        return path.read_bytes(), time.time() - path.stat().st_mtime
    except OSError:
        return None, 0.0


def _write(path: Path, tile: bytes) -> None:
    """Whole or not at all; a full disk only costs the cache."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(tile)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
