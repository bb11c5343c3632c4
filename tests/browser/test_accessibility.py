"""axe finds nothing to object to: every page and error, light, dark and in forced colours, in every language."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from maengelmelder.settings import ROOT
from tests.browser.conftest import CLERK, PHONE, City, Open
from tests.browser.test_the_whole_path import fits

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # the rules that a theme can break
RUN = """rules => axe.run(document, {runOnly: rules}).then(result => result.violations.map(
  found => found.nodes.map(node => `${found.id}: ${node.target.join(" ")}: ${node.failureSummary}`).join("; ")))"""
LOOKS: tuple[dict[str, Any], ...] = (
    {"color_scheme": "dark", "forced_colors": "none"},
    {"color_scheme": "light", "forced_colors": "active"},
)
CITIZENS, STAFF = ("de-DE", "en-GB", "de-simple"), ("de-DE", "en-GB")
LEAST_TARGET = 44  # CSS pixels
SMALL = """least => [...document.querySelectorAll("a, button, select, summary, input:not([type=hidden]), textarea")]
  .filter(element => element.checkVisibility())
  .filter(element => !element.closest(".trap, .visually-hidden, .skip, .file, .choice, td"))
  .filter(element => !(element.matches("a") && element.closest("p:not(.back, .jump), .map-sources")
    && !element.matches(".tap, .button")))
  .filter(element => getComputedStyle(element, "::after").position !== "absolute")
  .filter(element => element.getBoundingClientRect().height + 0.5 < least)
  .map(element => `${element.tagName} ${element.textContent.trim().slice(0, 40)}`)"""

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)


@pytest.fixture
def page(request: pytest.FixtureRequest, open_page: Open) -> Page:
    """A phone that speaks the language of the test's parameter."""
    return open_page(PHONE, locale=request.param)


def in_languages(*locales: str) -> pytest.MarkDecorator:
    """The test once in each language."""
    return pytest.mark.parametrize("page", locales, indirect=True)


def look_at(page: Page) -> None:
    """Nothing violated in any look, nothing wider than the screen, nothing too small for a finger."""
    for element in page.locator("[data-map]:visible").all():
        expect(element).to_have_class(re.compile("leaflet-container"))
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    assert page.evaluate(RUN, TAGS) == [], page.url
    for look in LOOKS:
        page.emulate_media(**look)
        assert page.evaluate(RUN, OF_COLOUR) == [], (page.url, look)
    page.emulate_media(color_scheme="light", forced_colors="none")
    assert page.evaluate(SMALL, LEAST_TARGET) == [], page.url
    fits(page)


def report_in(page: Page) -> str:
    """Send a report of a lamp; the path of the reporter's own page."""
    page.goto("/melden/laterne")
    without_scripts: Callable[[str], Any] = page.locator("#report").evaluate
    without_scripts("form => { for (const step of form.querySelectorAll('.step')) step.hidden = false; }")
    page.locator("#f-address").fill("Altstadt 12")
    page.locator("input[name=lat]").evaluate("input => { input.value = '48.5372'; }")
    page.locator("input[name=lon]").evaluate("input => { input.value = '12.1521'; }")
    page.locator("input[name=answer-art]").first.check()
    page.locator("#f-description").fill("Dunkel")
    without_scripts("form => form.submit()")
    page.wait_for_url("**/meine/*")
    return page.url


@in_languages(*CITIZENS)
def test_every_step_of_the_report_is_for_everyone(city: City, page: Page) -> None:
    page.goto("/melden")
    look_at(page)
    page.locator("#next").click()
    expect(page.locator("#h-place")).to_be_focused()
    page.locator("#next").click()
    expect(page.locator("#place-words")).to_have_class("small soft is-missing")
    look_at(page)
    page.locator("#f-address").fill("Altstadt 12")
    page.locator("#next").click()
    expect(page.locator("#h-category")).to_be_focused()
    page.locator("#next").click()
    expect(page.locator(".error.here")).to_be_visible()
    look_at(page)
    page.locator("details:has(input[value=wasseraustritt]) summary").click()
    page.locator("label:has(> input[value=wasseraustritt])").click()
    expect(page.locator("#h-questions")).to_be_focused()
    page.locator("#next").click()
    expect(page.locator("[data-stop] .error.here")).to_be_in_viewport()
    look_at(page)
    page.locator("input[value=called]").check()
    page.locator("#next").click()
    expect(page.locator("#h-more")).to_be_focused()
    look_at(page)
    page.locator("#f-email").fill("nicht gültig")
    page.locator("#send").click()
    expect(page.locator("#errors")).to_be_focused()
    look_at(page)


@in_languages(*CITIZENS)
def test_every_error_of_the_form_without_scripts_is_for_everyone(city: City, page: Page) -> None:
    """axe needs scripts, so ours alone are kept away."""
    page.route("**/*.js*", lambda route: route.abort())
    page.goto("/melden/laterne")
    look_at(page)
    page.locator("#send").click()
    expect(page.locator("#errors")).to_be_visible()
    look_at(page)


@in_languages(*CITIZENS)
def test_what_everyone_may_see_is_for_everyone(city: City, page: Page) -> None:
    own = report_in(page)
    look_at(page)
    number = page.locator("[data-number]").first.get_attribute("data-number")
    owned = [f"{own}/{part}" for part in ("zurueckziehen", "ergaenzen", "email", "auskunft", "loeschen")]
    nothing, lost = "/meldungen?q=xyzzy&status=done", "/gibt-es-nicht"
    for path in (
        "/",
        "/meldungen",
        nothing,
        f"/vorgang/{number}",
        "/meine",
        "/meine/wartet",
        *owned,
        "/bestaetigen/x",
        "/offline",
        lost,
    ):
        page.goto(path)
        look_at(page)
    page.locator(".languages summary").click()
    look_at(page)


@in_languages(*CITIZENS)
def test_the_citys_own_pages_are_for_everyone(city: City, page: Page) -> None:
    for key in ("impressum", "datenschutz", "barrierefreiheit", "leichte-sprache", "hilfe", "nutzungsbedingungen"):
        page.goto(f"/{key}")
        look_at(page)


@in_languages(*CITIZENS)
def test_what_is_refused_on_ones_own_page_is_said_to_everyone(city: City, page: Page) -> None:
    own = report_in(page)
    for part in ("ergaenzen", "email"):
        page.goto(f"{own}/{part}")
        page.locator("main form").first.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
        expect(page.locator("#errors, .error, .box.danger").first).to_be_visible()
        look_at(page)


@in_languages(*STAFF)
def test_the_staff_pages_are_for_everyone(city: City, page: Page) -> None:
    report_in(page)
    number = page.locator("[data-number]").first.get_attribute("data-number")
    page.goto("/verwaltung/anmelden")
    look_at(page)
    page.locator("input[name=email]").fill("niemand@stadt.example")
    page.locator("input[name=password]").fill("das falsche Passwort")
    page.locator("main form button").click()
    expect(page.locator("#errors")).to_be_focused()
    look_at(page)
    page.locator("input[name=email]").fill(CLERK[0])
    page.locator("input[name=password]").fill(CLERK[1])
    page.locator("main form button").click()
    page.wait_for_url("**/verwaltung/")
    look_at(page)
    page.goto(f"/verwaltung/vorgang/{number}")
    look_at(page)
    page.locator("form[data-status-form] > button").click()
    expect(page.locator("#errors")).to_be_focused()
    look_at(page)


def test_at_four_hundred_per_cent_nothing_covers_the_question(city: City, open_page: Open) -> None:
    page = open_page(PHONE, viewport={"width": 320, "height": 256}, is_mobile=False)
    page.goto("/melden")
    fits(page)
    assert page.locator(".actions").evaluate("bar => getComputedStyle(bar).position") == "static"
    page.goto("/")
    fits(page)
    assert page.locator(".report-button").evaluate("link => getComputedStyle(link).position") == "static"


def test_the_english_form_speaks_no_german(city: City, open_page: Open) -> None:
    page = open_page(PHONE, locale="en-GB", java_script_enabled=False)
    page.goto("/melden/laterne")
    expect(page.get_by_text("(optional)").first).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Please check what you entered")).to_be_visible()
    log_in_page = open_page(PHONE, locale="en-GB")
    log_in_page.goto("/verwaltung/anmelden")
    expect(log_in_page.get_by_role("heading", name="Log in")).to_be_visible()
