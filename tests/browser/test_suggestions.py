"""Typing what is broken leads to the category, with the server and without it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, City, Open
from tests.browser.reporting import AT_THE_TOWN_HALL

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)


def go_to_the_categories(page: Page, language: str = "de") -> None:
    page.goto(f"/melden?lang={language}&lat=48.5369&lon=12.1522")
    page.locator("#next").click()
    page.locator("#next").click()
    expect(page.locator("#category-search")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "text", "category"),
    [
        ("de", "Die Laterne am Rathaus ist kaputt", "Straßenlaterne defekt"),
        ("de", "Muelleimer quillt ueber", "Papierkorb voll oder beschädigt"),
        ("en", "pothole", "Pothole"),
    ],
)
def test_a_sentence_offers_the_category_and_one_tap_takes_it(
    city: City, open_page: Open, language: str, text: str, category: str
) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    go_to_the_categories(page, language)
    page.locator("#category-search").fill(text)
    first = page.locator("#category-hints button").first
    expect(first).to_contain_text(category)
    assert page.locator("#category-hints button").count() <= 3
    first.click()
    expect(page.locator("#h-category")).to_be_hidden()
    expect(page.locator("input[name=category]:checked").locator("xpath=..")).to_contain_text(category)


def test_the_words_in_the_page_serve_when_the_server_does_not(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    go_to_the_categories(page)
    page.context.set_offline(True)
    field = page.locator("#category-search")
    for typed, category in (("later", "Straßenlaterne defekt"), ("Loecher im Asphalt", "Schlagloch")):
        field.fill(typed)
        expect(page.locator("#category-hints button").first).to_contain_text(category)
    field.fill("xyzzy")
    expect(page.locator("#category-hints")).to_be_hidden()
    expect(page.locator("#search-result")).to_contain_text("Nichts gefunden")
    field.fill("")
    expect(page.locator("#category-hints button")).to_have_count(3)
    expect(page.locator(".tile:visible")).to_have_count(page.locator(".tile").count())


def test_the_server_adds_what_the_page_cannot_know(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    go_to_the_categories(page)
    with page.expect_response("**/api/v1/suggest**") as answered:
        page.locator("#category-search").fill("unleserlich")
    first = answered.value.json()[0]["category"]
    expect(page.locator("#category-hints button").first).to_have_attribute("value", first)
