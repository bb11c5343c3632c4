"""Half a minute, six taps, one free hand: the report with photo and position, measured as a phone feels it."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import PHONE, City, Open
from tests.browser.phone import mark_inputs, slow_down, slowest_inputs
from tests.browser.reporting import AT_THE_TOWN_HALL, wait_for_upload
from tests.reports import POTHOLE

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)

MOST_TAPS = 6
CAMERA_TAPS = 2  # shutter and "use photo": the phone's own camera, which no page sees
MOST_SECONDS = 30.0
SLOWEST_MS = 150
ROUNDS = 3  # what else this machine does only ever adds: the quietest counts
# What a person takes before each tap, in seconds: reading and finding, from looking at the screens with a watch.
# The camera's six are for aiming, shutter and "use photo".
LOOK_AT_FORM, AIM_AND_SHOOT, LOOK_AT_MAP, FIND_CATEGORY, LOOK_ONCE_MORE = 2.0, 6.0, 4.0, 5.0, 3.0


@dataclass
class Finger:
    """Taps as a person does: after a pause, and counted by the page itself."""

    page: Page
    camera_taps: int = 0
    began: float = field(default_factory=time.monotonic)

    def tap(self, wanted: Locator, after: float = 0.0) -> None:
        """A pause, then a tap."""
        expect(wanted).to_be_visible()
        self.page.wait_for_timeout(after * 1000)
        wanted.tap()

    def shoot(self, photo: Path | FilePayload, after: float = 0.0) -> None:
        """The tap on the camera's button, and what the camera does before it hands over the photo."""
        with self.page.expect_file_chooser() as opened:
            self.tap(self.page.locator(".file.camera"), LOOK_AT_FORM if after else 0.0)
        self.page.wait_for_timeout(after * 1000)
        self.camera_taps += CAMERA_TAPS
        opened.value.set_files(photo)

    def taps(self) -> int:
        """Every tap so far."""
        return self.camera_taps + int(self.page.evaluate("() => Number(sessionStorage.getItem('taps'))"))

    def seconds(self) -> float:
        """Since the form was opened."""
        return time.monotonic() - self.began


def begin(page: Page) -> Finger:
    page.add_init_script(
        "addEventListener('pointerdown', () => {"
        " sessionStorage.setItem('taps', Number(sessionStorage.getItem('taps')) + 1); }, true)"
    )
    page.goto("/melden")
    return Finger(page)


def report(finger: Finger, *, like_a_person: bool) -> None:
    """Button, shutter, use photo, confirm place, category, send."""
    page, pause = finger.page, float(like_a_person)
    finger.shoot(POTHOLE, AIM_AND_SHOOT * pause)
    expect(page.locator("#place-words")).to_contain_text("Sie stehen ungefähr hier.")
    finger.tap(page.get_by_role("button", name="Ort bestätigen"), LOOK_AT_MAP * pause)
    finger.tap(page.locator("#category-hints button").first, FIND_CATEGORY * pause)
    pass_by_what_is_near(page)
    finger.tap(page.get_by_role("button", name="Meldung senden"), LOOK_ONCE_MORE * pause)
    page.wait_for_url("**/meine/*")
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()


def pass_by_what_is_near(page: Page) -> None:
    """The city of these tests is full of other tests' reports; who meets one gives another answer, without a finger."""
    expect(page.locator("#h-category")).to_be_hidden()
    if page.locator("#h-nearby").is_visible():
        page.get_by_role("button", name="Nein, etwas anderes").evaluate("button => button.click()")


def test_a_report_with_photo_and_position_takes_six_taps(city: City, open_page: Open) -> None:
    finger = begin(open_page(PHONE, **AT_THE_TOWN_HALL))
    report(finger, like_a_person=False)
    assert finger.taps() <= MOST_TAPS


def test_a_report_takes_half_a_minute_with_human_pauses(city: City, open_page: Open) -> None:
    finger = begin(open_page(PHONE, **AT_THE_TOWN_HALL))
    report(finger, like_a_person=True)
    assert finger.seconds() <= MOST_SECONDS


def test_three_things_are_demanded_and_nothing_about_the_person(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    finger = begin(page)
    finger.shoot(POTHOLE)
    report_fields = page.evaluate(
        """() => [...document.querySelectorAll('#report :is(input, textarea, select)')]
          .filter(field => !field.matches('[type=hidden], [type=search], .trap *')).map(({name}) => name)"""
    )
    assert set(report_fields) <= {"photos", "address", "lat", "lon", "category", "joins", "description", "email"}
    personal = page.locator("label[for=f-email]")
    expect(personal).to_contain_text("(freiwillig)")
    assert page.locator("#report [required], #report [aria-required=true]").count() == 0


def test_every_step_answers_a_tap_at_once_on_a_slow_phone(city: City, open_page: Open) -> None:
    rounds = [measure_every_step(open_page(PHONE, **AT_THE_TOWN_HALL)) for _ in range(ROUNDS)]
    assert all("more keydown" in found for found in rounds)
    names = {name for found in rounds for name in found}
    quietest = {name: min(found[name] for found in rounds if name in found) for name in names}
    assert max(quietest.values()) <= SLOWEST_MS, quietest


def measure_every_step(page: Page) -> dict[str, float]:
    """How long each kind of input took in each step."""
    mark_inputs(page)
    page.goto("/melden", wait_until="networkidle")
    slow_down(page, factor=4)
    finger = Finger(page)
    finger.shoot(POTHOLE)
    finger.tap(page.get_by_role("button", name="Meinen Standort verwenden"))
    finger.tap(page.get_by_role("button", name="Ort bestätigen"))
    page.locator("#category-search").tap()
    page.keyboard.type("schlag", delay=120)
    finger.tap(page.locator("#category-hints button").first)
    pass_by_what_is_near(page)
    page.locator("#f-description").tap()
    page.keyboard.type("Tief", delay=120)
    wait_for_upload(page)
    return slowest_inputs(page)


def test_the_photo_travels_before_anybody_presses_send(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    finger = begin(page)
    finger.shoot(POTHOLE)
    expect(page.locator(".previews li")).to_have_attribute("data-state", "done")
    assert page.evaluate("() => document.querySelector('#f-camera').files.length") == 0
