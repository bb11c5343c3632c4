"""A whole report, and the way past the map, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, City, Open
from tests.browser.reporting import number_on

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)

MOST_STOPS = 25  # for one report; a finger needs six taps
VISIBLE = """() => {
  const element = document.activeElement;
  const around = [element, element.closest(".file"), element.closest(".ticket-card")];
  const box = element.getBoundingClientRect();
  return around.some(one => one && getComputedStyle(one).outlineStyle !== "none")
    && box.bottom > 0 && box.top < innerHeight;
}"""


class Keyboard:
    """Walks a page by the tabulator, counts its steps, and insists on seeing where it is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops = 0

    def reach(self, wanted: str) -> None:
        """Tab until an element that matches the selector has the focus."""
        while not self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            self.page.keyboard.press("Tab")
            self.stops += 1
            assert self.page.evaluate(VISIBLE), self.page.evaluate("document.activeElement.outerHTML")
            assert self.stops <= MOST_STOPS, f"{wanted} is not within reach"

    def press(self, wanted: str, key: str = "Enter") -> None:
        """Reach something and press a key on it."""
        self.reach(wanted)
        self.page.keyboard.press(key)

    def write(self, wanted: str, words: str) -> None:
        """Reach a field and type."""
        self.reach(wanted)
        self.page.keyboard.type(words)


def test_a_report_is_made_without_a_mouse(city: City, open_page: Open) -> None:
    page = open_page(DESKTOP)
    page.goto("/melden")
    keys = Keyboard(page)
    keys.press("#next")
    expect(page.get_by_role("heading", name="Wo ist es?")).to_be_focused()
    expect(page.locator("#step-count")).to_have_text("2 von 4")
    keys.write("#f-address", "Altstadt 12")
    keys.press("#next")
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_focused()
    keys.write("#category-search", "laterne")
    expect(page.locator("#category-hints button").first).to_contain_text("Straßenlaterne")
    keys.press("#category-hints button")
    expect(page.locator("#h-category")).to_be_hidden()
    if page.locator("#h-nearby").is_visible():
        keys.press("#next")
    expect(page.locator("#h-questions")).to_be_focused()
    keys.press("input[name=answer-art]", "Space")
    keys.press("#next")
    expect(page.get_by_role("heading", name="Noch etwas?")).to_be_focused()
    keys.write("#f-description", "Laterne dunkel")
    keys.press("#send")
    page.wait_for_url("**/meine/*")
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert number_on(page) > 0


def test_walking_through_the_categories_by_arrow_keys_chooses_none_for_good(city: City, open_page: Open) -> None:
    page = open_page(DESKTOP)
    page.goto("/melden?lat=48.5369&lon=12.1522")
    keys = Keyboard(page)
    keys.press("#next")
    expect(page.get_by_role("heading", name="Wo ist es?")).to_be_focused()
    keys.press("#next")
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_focused()
    keys.press(".tile summary")
    keys.reach("input[value=schlagloch]")
    for key in ("Space", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_visible()
    expect(page.locator("input[value=gehweg]")).to_be_checked()
    keys.press("#next")
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_hidden()


def test_a_place_is_chosen_with_the_arrow_keys(city: City, open_page: Open) -> None:
    page = open_page(DESKTOP)
    page.goto("/melden")
    keys = Keyboard(page)
    keys.press("#next")
    expect(page.locator("#f-place.leaflet-container")).to_be_visible()
    keys.reach("#f-place")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#place-words")).to_have_text(re.compile("Gewählter Ort"))
    keys.press("#next")
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_focused()
    keys.press("#back")
    expect(page.get_by_role("heading", name="Wo ist es?")).to_be_focused()


def test_the_way_past_the_map_is_short(city: City, open_page: Open) -> None:
    page = open_page(DESKTOP, service_workers="block")
    points = [[n, 12.15 + n / 5000, 48.54, "laterne", "received"] for n in range(50)]
    answer = {"total": 50, "points": points, "cells": []}
    page.route("**/api/v1/map?*", lambda route: route.fulfill(json=answer))
    page.goto("/")
    expect(page.locator(".pin-place")).to_have_count(50)
    keys = Keyboard(page)
    keys.reach(".report-button")
    assert keys.stops < 15
