"""Takes the pictures of the documentation: from a running `make demo`, in a real Chromium.

scripts/inside.sh python scripts/make_screenshots.py http://127.0.0.1:8000
"""

import shutil
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "images"
PHOTO = ROOT / "tests" / "data" / "images" / "bath_pothole.jpg"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "geolocation": {"latitude": 48.5372, "longitude": 12.1521, "accuracy": 18},
    "permissions": ["geolocation"],
}
DARK: dict[str, Any] = {"color_scheme": "dark"}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
GAP = 24  # pixels between the screens of a strip


def main(address: str) -> None:
    """Every picture, from the address of a running city."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        _take(browser, f"{address}/", "map-desktop", DESKTOP)
        _take(browser, f"{address}/", "map-phone-dark", PHONE | DARK)
        _take(browser, f"{address}/melden", "report-phone", PHONE)
        _take(browser, f"{address}/vorgang/1", "ticket-phone", PHONE)
        for name, changes in (("flow", {}), ("flow-dark", DARK), ("flow-english", {"locale": "en-GB"})):
            _take_strip(browser, address, name, {"locale": "de-DE", **PHONE, **changes})
        browser.close()


def _take(browser: Browser, address: str, name: str, device: dict[str, Any]) -> None:
    context = browser.new_context(**{"locale": "de-DE", **device})
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # the map draws its pins
    page.screenshot(path=PICTURES / f"{name}.png")
    context.close()


def _take_strip(browser: Browser, address: str, name: str, device: dict[str, Any]) -> None:
    context = browser.new_context(**device)
    page = context.new_page()
    page.goto(f"{address}/melden")
    screens = [Image.open(BytesIO(screen)) for screen in _report(page)]
    width = sum(screen.width + GAP for screen in screens) - GAP
    strip = Image.new("RGB", (width, screens[0].height), "#9aa4ad")
    for position, screen in enumerate(screens):
        strip.paste(screen, (position * (screen.width + GAP), 0))
    strip.save(PICTURES / f"{name}.png", optimize=True)
    context.close()


def _report(page: Page) -> Iterator[bytes]:
    """One report from the first screen to the arrival, a picture of each; by ids, which are alike in every language."""
    yield _look(page, "photo")
    page.set_input_files("#f-camera", PHOTO)
    yield _look(page, "place")
    page.locator("#next").tap()
    yield _look(page, "category")
    page.locator("details.tile summary").first.tap()
    page.locator("details.tile[open] input[name=category]").nth(1).check()
    page.wait_for_timeout(2500)  # what is near is looked up
    while page.locator("#send").is_hidden():
        page.locator("#next").tap()
        page.wait_for_timeout(1000)
    yield _look(page, "more")
    page.locator("#send").tap()
    page.wait_for_url("**/meine/*")
    yield _look(page, "")


def _look(page: Page, step: str) -> bytes:
    if step:
        page.locator(f'.step[data-step="{step}"]').wait_for()
    page.wait_for_timeout(1200)  # photo, position and map settle
    return page.screenshot()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
