"""What a phone says about reports that wait is for everyone: axe, both themes, every language, forced colours."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, City, Open
from tests.browser.kept_reports import drafts, open_ready, wait_for
from tests.browser.test_accessibility import CITIZENS, look_at

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)


@pytest.fixture(params=CITIZENS)
def page(request: pytest.FixtureRequest, open_page: Open) -> Page:
    """A phone that speaks each of the languages."""
    return open_page(PHONE, locale=request.param)


def write_a_report(page: Page) -> None:
    """As far as the last step, whatever the language."""
    page.locator("#next").click()
    page.locator("#f-address").fill("Altstadt 12")
    page.locator("#next").click()
    page.locator("details:has(input[value=graffiti]) summary").click()
    page.locator("input[value=graffiti]").check()  # one tap goes on
    heading = page.locator(".step:visible h2")
    expect(heading).not_to_have_id("h-category")
    while (step := heading.get_attribute("id")) != "h-more":
        for field in page.locator(".step:visible fieldset:has(input[type=radio])").all():
            field.locator("input").last.check()
        page.locator("#next").click()
        expect(heading).not_to_have_id(str(step))
    page.locator("#f-description").fill("Eine Wand voller Farbe")


def test_waiting_reports_are_for_everyone(city: City, page: Page) -> None:
    open_ready(page)
    write_a_report(page)
    wait_for(lambda: drafts(page))
    page.reload()
    expect(page.locator("#draft-note")).to_be_visible()
    look_at(page)
    page.goto("/meine")
    expect(page.locator(".unsent-card")).to_be_visible()
    look_at(page)

    page.goto("/melden")
    page.context.set_offline(True)
    page.locator("#send").click()
    heading = page.locator(".waiting h1")
    expect(heading).to_be_focused()
    look_at(page)
    link = page.locator("#f-own-link").input_value()
    for path in ("/meine", "/meldungen", link):
        page.goto(path)
        expect(page.locator("#unsent")).to_be_visible()
        look_at(page)
    page.goto(f"/meine/{'x' * 43}")
    look_at(page)


def test_an_unknown_link_is_for_everyone(city: City, page: Page) -> None:
    page.goto(f"/meine/{'x' * 43}")
    look_at(page)


def test_the_badge_is_announced_once_a_visit(city: City, open_page: Open) -> None:
    page = open_page(PHONE)
    open_ready(page)
    write_a_report(page)
    page.context.set_offline(True)
    page.locator("#send").click()
    said = page.locator("#unsent-said")
    expect(said).to_have_text("1 Meldung noch nicht gesendet")
    page.goto("/meine")
    expect(page.locator("#unsent")).to_be_visible()
    expect(said).to_be_empty()


def test_a_waiting_report_is_handled_by_keyboard_alone(city: City, open_page: Open) -> None:
    page = open_page(PHONE, has_touch=False)
    open_ready(page)
    write_a_report(page)
    page.context.set_offline(True)
    page.locator("#send").press("Enter")
    expect(page.locator(".waiting h1")).to_be_focused()
    page.goto("/meine")
    discard = page.locator("[data-discard]")
    discard.focus()
    page.keyboard.press("Enter")
    expect(discard).to_have_text("Wirklich verwerfen?")
    expect(discard).to_be_focused()
    page.keyboard.press("Tab")
    expect(discard).to_have_text("Verwerfen")
    discard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".unsent-card")).to_have_count(0)
    assert page.evaluate("() => document.activeElement.tagName") == "MAIN"
