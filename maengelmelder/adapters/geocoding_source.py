"""Asking a geocoding service of the city's choice for JSON: little, seldom, and never for long."""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from maengelmelder.ports import GeocoderUnavailable

TIMEOUT_SECONDS = 2.0  # from the question to the last byte, the name's look-up included
REST_SECONDS = 60.0  # after a failure: a dead service costs one wait a minute, not one for each visitor
SECONDS_BETWEEN = 1.0  # operations.osmfoundation.org/policies/nominatim: at most one request a second
MAX_BYTES = 256 * 1024
KEPT_SECONDS = 24 * 3600.0
MOST_KEPT = 2000  # answers in memory


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """None makes a redirect an error: the city named one host, and only that one is asked."""


class Source:
    """A service at one address. contact: the city's own address, so that its operator knows who asks."""

    def __init__(
        self, url: str, *, contact: str, rest_seconds: float = REST_SECONDS, seconds_between: float = SECONDS_BETWEEN
    ) -> None:
        self._url, self._rest, self._between = url, rest_seconds, seconds_between
        self._headers = {"User-Agent": f"Maengelmelder (+{contact})", "Accept": "application/json"}
        self._opener = build_opener(_NoRedirects)
        self._turn = threading.Lock()
        self._next_at = self._silent_until = 0.0
        self._kept: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    def ask(self, path: str, query: Mapping[str, str]) -> Any:
        """The JSON that the service answers; an answer is kept for a day. Raises GeocoderUnavailable."""
        url = f"{self._url}/{path}?{urlencode(query)}"
        at, answer = self._kept.get(url, (-KEPT_SECONDS, None))
        if time.monotonic() - at < KEPT_SECONDS:
            return answer
        if time.monotonic() < self._silent_until or not self._turn.acquire(blocking=False):
            raise GeocoderUnavailable("resting")
        try:
            answer = self._ask_in_turn(url)
        finally:
            self._turn.release()
        self._keep(url, answer)
        return answer

    def _ask_in_turn(self, url: str) -> Any:
        """One question at a time, and a moment between two; a failure silences all questions for a while."""
        time.sleep(max(0.0, self._next_at - time.monotonic()))
        try:
            return self._within_time(url)
        except (URLError, HTTPException, OSError, ValueError, RecursionError) as error:
            self._silent_until = time.monotonic() + self._rest
            raise GeocoderUnavailable(type(error).__name__) from error
        finally:
            self._next_at = time.monotonic() + self._between

    def _within_time(self, url: str) -> Any:
        """In a thread of its own: a socket's time limit knows neither name look-ups nor bytes that drip."""
        future: Future[Any] = Future()

        def work() -> None:
            try:
                future.set_result(self._download(url))
            except BaseException as error:  # raised again where it was asked for
                future.set_exception(error)

        threading.Thread(target=work, daemon=True, name="geocoder").start()
        return future.result(TIMEOUT_SECONDS)

    def _download(self, url: str) -> Any:
        request = Request(url, headers=self._headers)  # noqa: S310 - the address comes from the settings
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                body = response.read(MAX_BYTES + 1)
        except HTTPError as error:
            error.close()
            raise
        if len(body) > MAX_BYTES:
            raise ValueError("too long")
        return json.loads(body)

    def _keep(self, url: str, answer: Any) -> None:
        self._kept[url] = (time.monotonic(), answer)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
