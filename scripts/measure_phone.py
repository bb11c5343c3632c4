"""Walks the report form on a slow phone and a slow line, and tells what somebody waits for.

    MAENGELMELDER_RATE_LIMITS=off maengelmelder serve &
    python scripts/measure_phone.py http://127.0.0.1:8000 PHOTO…

For each step and kind of input the milliseconds until the next picture (INP) on a processor four times slower: median
and slowest of the rounds. For each photo the seconds from choosing it until the city has all of it, at 0.75 Mbit/s up
and 150 ms round trip, and how many bytes travelled.
"""

import argparse
import shutil
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from playwright.sync_api import Browser, Geolocation, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser.conftest import PHONE
from tests.browser.phone import mark_inputs, slow_down, slow_line, slowest_inputs

CPU_FACTOR = 4
UP_KBIT, DOWN_KBIT, ROUND_TRIP_MS = 750, 1600, 150
HERE: Geolocation = {"latitude": 48.5372, "longitude": 12.1521, "accuracy": 18}


def main() -> None:
    """Two tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--disable-gpu"])
        print(f"input until next picture, processor /{CPU_FACTOR}, {options.rounds} rounds (ms)")
        for name, values in sorted(measure_inputs(browser, options).items()):
            print(f"  {name:28} median {statistics.median(values):4.0f}  slowest {max(values):4.0f}")
        print(f"photo until the city has it, {UP_KBIT} kbit/s up, {ROUND_TRIP_MS} ms, processor /{CPU_FACTOR}")
        for photo in options.photos:
            seconds, sent = measure_upload(browser, options.address, photo)
            print(f"  {photo.name:28} {photo.stat().st_size / 1000:6.0f} kB -> {sent / 1000:4.0f} kB  {seconds:4.1f} s")
        browser.close()


def measure_inputs(browser: Browser, options: argparse.Namespace) -> dict[str, list[float]]:
    """By step and kind of input the slowest of each round."""
    found: dict[str, list[float]] = defaultdict(list)
    for number in range(options.rounds):
        with phone(browser, options.address) as page:
            mark_inputs(page)
            page.goto("/melden", wait_until="networkidle")
            slow_down(page, factor=CPU_FACTOR)
            walk(page, options.photos[number % len(options.photos)])
            for name, milliseconds in slowest_inputs(page).items():
                found[name].append(milliseconds)
    return found


def walk(page: Page, photo: Path) -> None:
    """Every step, with a finger and a keyboard, up to the button that sends."""
    with page.expect_file_chooser() as opened:
        page.locator(".file.camera").tap()
    opened.value.set_files(photo)
    page.locator("#locate").tap()
    page.locator("#next").tap()
    page.locator("#category-search").tap()
    page.keyboard.type("schlagloch", delay=120)
    page.locator("#category-hints button").first.tap()
    page.locator("#f-description, #h-nearby").locator("visible=true").first.wait_for()
    if page.locator("#h-nearby").is_visible():
        page.locator("#next").tap()
    page.locator("#f-description").tap()
    page.keyboard.type("Tief und breit", delay=120)
    page.locator(".previews li[data-state=done]").wait_for(timeout=60_000)


def measure_upload(browser: Browser, address: str, photo: Path) -> tuple[float, int]:
    """Seconds and bytes of one photo on a slow line."""
    with phone(browser, address) as page:
        page.goto("/melden", wait_until="networkidle")
        slow_down(page, factor=CPU_FACTOR)
        slow_line(page, down_kbit=DOWN_KBIT, up_kbit=UP_KBIT, round_trip_ms=ROUND_TRIP_MS)
        sizes: list[int] = []
        log = page.context.new_cdp_session(page)
        log.send("Network.enable")
        log.on(
            "Network.requestWillBeSentExtraInfo",
            lambda event: sizes.append(int(event["headers"].get("Content-Length", 0))),
        )
        began = monotonic()
        page.set_input_files("#f-camera", photo)
        page.locator(".previews li[data-state=done]").wait_for(timeout=120_000, state="attached")
        return monotonic() - began, sum(sizes)


@contextmanager
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh phone that knows where it is."""
    context = browser.new_context(
        base_url=address, geolocation=HERE, permissions=["geolocation"], service_workers="block", **PHONE
    )
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    main()
