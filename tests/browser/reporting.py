"""Somebody with a phone who reports: the steps of the form, as every test walks them."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.reports import POTHOLE

AT_THE_TOWN_HALL: dict[str, Any] = {
    "geolocation": {"latitude": 48.5372, "longitude": 12.1521, "accuracy": 18},
    "permissions": ["geolocation"],
}
SEND = "Meldung senden"


def take_photo(page: Page, photo: Any = POTHOLE) -> None:
    """The camera's answer; the form goes on by itself."""
    page.set_input_files("#f-camera", photo)
    expect(page.get_by_role("heading", name="Wo ist es?")).to_be_visible()


def confirm_place(page: Page) -> None:
    """The device knows where it is."""
    expect(page.locator("#place-words")).to_contain_text("Sie stehen ungefähr hier.")
    page.get_by_role("button", name="Ort bestätigen").click()
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_visible()


def choose(page: Page, category: str) -> None:
    """One tap on a category, wherever it stands, and on past what others have reported nearby."""
    search = page.locator("#category-search")
    search.fill(category)
    page.locator(f"#category-hints button:has-text('{category}')").first.click()
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_hidden()
    if page.locator("#h-nearby").is_visible():
        page.get_by_role("button", name="Nein, etwas anderes").click()


def go_to_the_last_step(page: Page, category: str = "Schlagloch oder Fahrbahnschaden") -> None:
    """From the first step with position and photo, in a category that asks nothing."""
    page.goto("/melden")
    take_photo(page)
    confirm_place(page)
    choose(page, category)
    expect(page.get_by_role("heading", name="Noch etwas?")).to_be_visible()


def wait_for_upload(page: Page, photos: int = 1) -> None:
    """Until the server has them."""
    expect(page.locator(".previews li[data-state=done]")).to_have_count(photos)


def send(page: Page) -> int:
    """Send, and the number on the status page."""
    page.get_by_role("button", name=SEND).click()
    page.wait_for_url("**/meine/*")
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    return number_on(page)


def number_on(page: Page) -> int:
    """The number of the report whose status page this is."""
    found = re.search(r"Nummer\s+(\d+)", page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return int(found[1])
