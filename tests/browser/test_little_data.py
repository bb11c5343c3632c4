"""Who saves data, motion or precision: no map until asked, nothing that moves, and buttons for thumbs."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, City, Open
from tests.browser.phone import save_data
from tests.browser.reporting import AT_THE_TOWN_HALL, choose, confirm_place, go_to_the_last_step, send, take_photo

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)

PRIMARY, SMALLEST = 44, 24  # CSS pixels (WCAG 2.2, 2.5.8; the first as for a thumb)
TOO_SMALL = """([primary, smallest]) => [...document.querySelectorAll('#report :is(a, button, summary, label.choice, '
  + 'label.file, input:not([type=hidden], [type=file], [type=radio], [type=checkbox]), textarea)')]
  .filter(element => element.checkVisibility() && !element.closest('.trap, .map-sources'))
  .filter(element => {
    const {width, height} = element.getBoundingClientRect();
    const least = element.matches('.button, .choice, summary, input, textarea') ? primary : smallest;
    return Math.min(width, height) + 0.5 < least;
  }).map(element => element.outerHTML.slice(0, 80))"""
MOVING = (
    "() => document.getAnimations().map(({animationName, transitionProperty}) => animationName || transitionProperty)"
)


def listen(page: Page) -> list[str]:
    """The paths of everything that the page asks for, from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(re.sub(r"^https?://[^/]+", "", request.url)))
    return asked


def is_for_the_map(path: str) -> bool:
    return path.startswith(("/karten/", "/static/vendor/leaflet/"))


def test_who_saves_data_reports_without_a_map(city: City, open_page: Open) -> None:
    page = save_data(open_page(PHONE, **AT_THE_TOWN_HALL, service_workers="block"))
    asked = listen(page)
    go_to_the_last_step(page)
    send(page)
    assert [path for path in asked if is_for_the_map(path)] == []
    fragments = [path for path in asked if path == "/melden/fragen"]
    assert len(fragments) == 1  # when a category asked for it, not ahead


def test_who_saves_data_may_still_ask_for_the_map(city: City, open_page: Open) -> None:
    page = save_data(open_page(PHONE, **AT_THE_TOWN_HALL, service_workers="block"))
    page.goto("/melden")
    take_photo(page)
    expect(page.locator("#place-words")).to_contain_text("Sie stehen ungefähr hier.")
    expect(page.locator(".cross")).to_be_hidden()
    page.get_by_role("button", name="Karte laden").click()
    expect(page.locator("#f-place.leaflet-container")).to_be_visible()
    expect(page.locator("#f-place")).to_be_focused()
    expect(page.locator(".accuracy")).to_be_attached()
    assert page.locator("[name=accuracy]").input_value() == "18"


def test_the_public_map_waits_as_well_and_the_list_does_not(city: City, open_page: Open) -> None:
    page = save_data(open_page(DESKTOP, service_workers="block"))
    asked = listen(page)
    page.goto("/", wait_until="networkidle")
    expect(page.get_by_role("heading", name="Meldungen")).to_be_visible()
    expect(page.locator(".map-notice")).to_be_hidden()
    assert [path for path in asked if is_for_the_map(path)] == []
    page.get_by_role("button", name="Karte laden").click()
    expect(page.locator("#map.leaflet-container")).to_be_visible()


def test_nothing_moves_for_who_asked_for_stillness(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL, reduced_motion="reduce")
    page.goto("/melden")
    take_photo(page)
    assert page.evaluate(MOVING) == []
    confirm_place(page)
    assert page.evaluate(MOVING) == []
    choose(page, "Schlagloch oder Fahrbahnschaden")
    assert page.evaluate(MOVING) == []


@pytest.mark.parametrize("device", [PHONE, {**PHONE, "viewport": {"width": 320, "height": 640}}, DESKTOP])
def test_every_target_is_large_enough_for_a_thumb(city: City, open_page: Open, device: dict[str, Any]) -> None:
    page = open_page(device, **AT_THE_TOWN_HALL)

    def check() -> None:
        assert page.evaluate(TOO_SMALL, [PRIMARY, SMALLEST]) == []

    page.goto("/melden")
    check()
    take_photo(page)
    check()
    confirm_place(page)
    check()
    page.locator("summary:visible").nth(1).click()
    check()
    choose(page, "Straßenlaterne defekt")
    check()
    page.get_by_label("Mast umgefahren oder Kabel offen").check()
    check()
    page.get_by_label("Ich habe angerufen").check()
    page.get_by_role("button", name="Weiter").click()
    check()
