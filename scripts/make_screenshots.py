"""Takes the pictures of the documentation: from a running `make demo`, in a real Chromium.

scripts/inside.sh python scripts/make_screenshots.py http://127.0.0.1:8000
"""

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "images"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
AT_THE_TOWN_HALL: dict[str, Any] = {
    "geolocation": {"latitude": 48.5372, "longitude": 12.1521, "accuracy": 18},
    "permissions": ["geolocation"],
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


def main(address: str) -> None:
    """Every picture, from the address of a running city."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        _take(browser, f"{address}/", "map-desktop", DESKTOP)
        _take(browser, f"{address}/", "map-phone-dark", {**PHONE, "color_scheme": "dark"})
        _take(browser, f"{address}/melden", "report-phone", PHONE | AT_THE_TOWN_HALL, _go_to_categories)
        _take(browser, f"{address}/melden", "report-phone-english", {**PHONE, "locale": "en-GB"})
        _take(browser, f"{address}/vorgang/1", "ticket-phone", PHONE)
        browser.close()


def _go_to_categories(page: Page) -> None:
    page.get_by_role("button", name="Ohne Foto weiter").click()
    page.get_by_role("button", name="Meinen Standort verwenden").click()
    page.get_by_text("Sie stehen ungefähr hier").wait_for()
    page.get_by_role("button", name="Ort bestätigen").click()
    page.get_by_role("heading", name="Worum geht es?").wait_for()


def _take(browser: Browser, address: str, name: str, device: dict[str, Any], first: Any = None) -> None:
    context = browser.new_context(**{"locale": "de-DE", **device})
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if first:
        first(page)
    page.wait_for_timeout(500)  # the map draws its pins
    page.screenshot(path=PICTURES / f"{name}.png")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
