"""How little a phone has to fetch: what comes over the wire, counted by the browser itself."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, City, Open

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)

KB = 1000


@dataclass
class Wire:
    """Requests of a page: addresses and encoded bytes, as the browser's network log tells them."""

    kinds: dict[str, str] = field(default_factory=dict)
    weights: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.weights.values())


def watch(page: Page) -> Wire:
    """Listen to everything the page fetches, the service worker's own fetches excluded."""
    wire = Wire()
    log = page.context.new_cdp_session(page)
    log.send("Network.enable")

    def note_kind(event: dict[str, Any]) -> None:
        wire.kinds[event["requestId"]] = event["type"]

    def note_weight(event: dict[str, Any]) -> None:
        wire.weights[wire.kinds.get(event["requestId"], "Other")] += event["encodedDataLength"]

    log.on("Network.responseReceived", note_kind)
    log.on("Network.loadingFinished", note_weight)
    return wire


def open_and_settle(page: Page, address: str) -> Wire:
    wire = watch(page)
    page.goto(address, wait_until="networkidle")
    return wire


def test_the_report_page_needs_eight_requests_and_sixty_kilobytes(city: City, open_page: Open) -> None:
    wire = open_and_settle(open_page(PHONE, service_workers="block"), "/melden")
    assert len(wire.kinds) <= 8, wire
    assert wire.total <= 60 * KB, wire
    assert wire.weights["Document"] <= 12 * KB, wire
    assert wire.weights["Stylesheet"] <= 15 * KB, wire
    assert wire.weights["Script"] <= 25 * KB, wire
    assert wire.weights["Font"] == 0, wire


def test_the_map_page_needs_a_hundred_and_twenty_kilobytes(city: City, open_page: Open) -> None:
    wire = open_and_settle(open_page(PHONE, service_workers="block"), "/")
    assert wire.total <= 120 * KB, wire
    assert wire.weights["Font"] == 0, wire


@pytest.mark.parametrize("address", ["/", "/melden", "/meldungen", "/hilfe"])
def test_a_page_that_was_there_before_fetches_only_itself(city: City, open_page: Open, address: str) -> None:
    page = open_page(PHONE, service_workers="block")
    page.goto(address, wait_until="networkidle")
    wire = open_and_settle(page, address)
    assert wire.weights["Script"] == wire.weights["Image"] == 0, wire


@pytest.mark.parametrize("address", ["/melden", "/", "/meldungen"])
def test_nothing_jumps_while_a_page_loads(city: City, open_page: Open, address: str) -> None:
    page = open_page(PHONE, service_workers="block")
    page.add_init_script(
        "window.shifts = 0; new PerformanceObserver(list => list.getEntries().forEach(e => { shifts += e.value; }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(address, wait_until="networkidle")
    assert page.evaluate("() => shifts") <= 0.02


def test_a_report_form_whose_script_never_comes_shows_every_question(city: City, open_page: Open) -> None:
    page = open_page(PHONE, service_workers="block")
    page.route("**/js/report.js*", lambda route: route.abort())
    page.goto("/melden")
    assert page.get_by_label("Beschreibung").is_visible()
    assert page.get_by_label("Oder Adresse eingeben").is_visible()
