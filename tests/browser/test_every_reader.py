"""However somebody reads: from right to left, much enlarged, without colours, without motion, with strong contrast."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, DESKTOP, PHONE, City, Open
from tests.browser.reporting import number_on
from tests.browser.test_accessibility import report_in
from tests.browser.test_the_whole_path import log_in
from tests.reports import POTHOLE

SIDEWAYS = """() => [...document.querySelectorAll("body *")]
  .filter(element => element.checkVisibility() && !element.closest(".leaflet-container, .trap, .visually-hidden"))
  .filter(element => {
    const {left, right, width} = element.getBoundingClientRect();
    return width > 1 && (left < -1 || right > document.documentElement.clientWidth + 1);
  }).map(element => `${element.tagName}.${element.className}`)"""
# Words that stick out of their own box, or are hidden by it.
CUT = """() => [...document.querySelectorAll("h1, h2, h3, button, .button, summary, label, legend, .status, nav a")]
  .filter(element => element.checkVisibility())
  .filter(element => !element.closest(".leaflet-container, .trap, .visually-hidden, .skip"))
  .filter(element => element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2)
  .filter(element => getComputedStyle(element).display !== "inline")
  .map(element => `${element.tagName} ${element.textContent.trim().slice(0, 40)}`)"""
UNSEEN_FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  const card = document.activeElement.closest(".ticket-card");
  const pin = document.activeElement.querySelector(":scope.pin-place > .pin");
  const shown = card || pin ? getComputedStyle(card ?? pin) : style;
  return shown.outlineStyle === "none" || parseFloat(shown.outlineWidth) < 2 ? document.activeElement.outerHTML : "";
}"""
STATUSES = """() => [...document.querySelectorAll(".status, .pin")].map(one => {
  const use = [...one.querySelectorAll("svg use")].find(use => use.getAttribute("href").includes("#status-"));
  const shape = use?.getAttribute("href") ?? "";
  const colour = getComputedStyle(use?.parentElement ?? one).color;
  return {shape, colour, paper: getComputedStyle(document.body).backgroundColor,
          words: one.textContent.trim() || one.parentElement.getAttribute("aria-label")};
})"""
PAGES = ("/", "/meldungen", "/melden", "/melden/wasseraustritt", "/meine", "/hilfe", "/datenschutz", "/gibt-es-nicht")

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)


@pytest.fixture(scope="module")
def report(city: City) -> dict[str, str]:
    """Filled by the first test that needs a report of its own."""
    return {}


def addresses(page: Page, report: dict[str, str]) -> tuple[str, ...]:
    """Every kind of page that citizens see."""
    if not report:
        report["own"] = report_in(page)
        report["ticket"] = f"/vorgang/{page.locator('[data-number]').first.get_attribute('data-number')}"
    own = report["own"]
    return (*PAGES, report["ticket"], own, f"{own}/zurueckziehen")


def show_all_steps(page: Page) -> None:
    """The steps of the form one below the other."""
    page.evaluate("document.querySelectorAll('.step:not([data-empty])').forEach(step => { step.hidden = false; })")


def stands_upright(page: Page) -> None:
    """Nothing reaches beyond the screen."""
    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= room, f"{page.url}: {width} > {room}: {page.evaluate(SIDEWAYS)}"


@pytest.mark.parametrize(("width", "height"), [(320, 640), (1280, 800)])
def test_a_language_from_right_to_left_turns_the_page_round(
    city: City, open_page: Open, report: dict[str, str], width: int, height: int
) -> None:
    page = open_page({**DESKTOP, "viewport": {"width": width, "height": height}}, locale="ar")
    for path in addresses(page, report):
        page.goto(path)
        assert page.evaluate("[document.documentElement.lang, document.dir]") == ["ar", "rtl"], path
        show_all_steps(page)
        stands_upright(page)
        mark = page.locator(".wordmark").bounding_box()
        assert mark is not None
        assert mark["x"] + mark["width"] > width - 120, "the city's name begins on the right"
    page.goto(report["ticket"])
    back = page.locator(".back .icon")
    assert back.evaluate("icon => getComputedStyle(icon).scale") == "-1 1"
    zoom = page.locator(".leaflet-control-zoom").bounding_box()
    frame = page.locator(".leaflet-container").bounding_box()
    assert zoom is not None
    assert frame is not None
    assert zoom["x"] > frame["x"] + frame["width"] / 2
    assert zoom["x"] + zoom["width"] <= frame["x"] + frame["width"]


@pytest.mark.parametrize("locale", ["de-DE", "de-simple"])
def test_a_narrow_or_much_enlarged_page_scrolls_one_way_only(
    city: City, open_page: Open, report: dict[str, str], locale: str
) -> None:
    """320 CSS pixels, which is also 1280 at 400 % (WCAG 2.2, 1.4.10)."""
    page = open_page(PHONE, viewport={"width": 320, "height": 256}, is_mobile=False, locale=locale)
    for path in addresses(page, report):
        page.goto(path)
        show_all_steps(page)
        stands_upright(page)


@pytest.mark.parametrize("locale", ["de-DE", "en-GB", "de-simple"])
def test_text_of_double_size_is_cut_nowhere(city: City, open_page: Open, report: dict[str, str], locale: str) -> None:
    page = open_page(PHONE, is_mobile=False, locale=locale)
    for path in addresses(page, report):
        page.goto(path)
        page.locator("html").evaluate("html => { html.style.fontSize = '225%'; }")
        show_all_steps(page)
        stands_upright(page)
        assert page.evaluate(CUT) == [], path


def test_forced_colours_leave_shapes_words_and_focus(city: City, open_page: Open, report: dict[str, str]) -> None:
    page = open_page(DESKTOP, forced_colors="active")
    paths = addresses(page, report)
    for path in ("/", report["ticket"], report["own"]):
        page.goto(path)
        if page.locator("[data-map]").count():
            page.locator(".pin").first.wait_for()
        statuses = page.evaluate(STATUSES)
        assert statuses, path
        for status in statuses:
            assert "#status-" in status["shape"], path
            assert status["words"], path
            assert status["colour"] != status["paper"], path
    for path in paths:
        page.goto(path)
        for _ in range(12):
            page.keyboard.press("Tab")
            assert page.evaluate(UNSEEN_FOCUS) == "", path


def test_nothing_moves_where_stillness_is_asked_for(city: City, open_page: Open, report: dict[str, str]) -> None:
    page = open_page(DESKTOP, reduced_motion="reduce")
    for path in addresses(page, report):
        page.goto(path)
        assert page.evaluate("document.getAnimations().length") == 0, path
        moving = """() => [...document.querySelectorAll("body *")].filter(element => {
          const {transitionDuration, animationName, scrollBehavior} = getComputedStyle(element);
          return Math.max(...transitionDuration.split(",").map(parseFloat)) > 0
            || animationName !== "none" || scrollBehavior === "smooth";
        }).map(element => element.className)"""
        assert page.evaluate(moving) == [], path
    page.goto("/")
    page.locator(".leaflet-container").wait_for()
    page.locator(".leaflet-control-zoom-in").click()
    page.locator(".leaflet-container").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".leaflet-pan-anim, .leaflet-zoom-anim, .leaflet-fade-anim").count() == 0


def test_whoever_wants_more_contrast_gets_it(city: City, open_page: Open) -> None:
    page = open_page(PHONE, contrast="more")
    page.goto("/meldungen")
    tokens = (
        "() => ['--line', '--ink-soft'].map(name => getComputedStyle(document.documentElement).getPropertyValue(name))"
    )
    ink = page.evaluate("() => getComputedStyle(document.documentElement).getPropertyValue('--ink')")
    assert page.evaluate(tokens) == [ink, ink]


def test_the_language_menu_stays_on_the_screen_and_leads_to_the_same_page(city: City, open_page: Open) -> None:
    for width in (320, 390):
        page = open_page(PHONE, viewport={"width": width, "height": 700})
        page.goto("/meldungen?status=new")
        page.locator(".languages summary").click()
        stands_upright(page)
        assert page.evaluate(SIDEWAYS) == []
        page.get_by_role("link", name="Leichte Sprache", exact=True).first.click()
        expect(page.locator("html")).to_have_attribute("lang", "de-simple")
        assert "status=new" in page.url


def test_the_whole_journey_needs_no_script(city: City, open_page: Open) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    page.goto("/melden")
    page.set_input_files("input[name=photos] >> nth=0", POTHOLE)
    page.locator("#f-address").fill("Altstadt 12, vor der Apotheke")
    page.locator("details:has(input[value=laterne]) summary").click()
    page.locator("input[value=laterne]").check()
    page.get_by_role("button", name="Weiter").click()
    page.locator("input[name=answer-art]").first.check()
    page.get_by_role("button", name="Meldung senden").click()
    page.wait_for_url("**/meine/*")
    own, number = page.url, number_on(page)
    expect(page.get_by_text("Eingegangen").first).to_be_visible()
    page.goto(f"/meldungen?q={number}")
    page.get_by_role("link", name=re.compile("Straßenlaterne defekt")).first.click()
    page.wait_for_url(f"**/vorgang/{number}")
    page.locator(".languages summary").click()
    page.get_by_role("link", name="Leichte Sprache", exact=True).first.click()
    expect(page.get_by_text(f"Meldung Nummer {number}").first).to_be_visible()
    clerk = open_page(PHONE, java_script_enabled=False)
    log_in(clerk, DESK)
    clerk.wait_for_url("**/verwaltung/")
    clerk.goto(f"/verwaltung/vorgang/{number}")
    expect(clerk.get_by_role("heading", name=re.compile("Straßenlaterne defekt"))).to_be_visible()
    page.goto(own)
    page.get_by_role("link", name="Ich will die Meldung nicht mehr").click()
    page.get_by_role("button", name="Ja, ich will die Meldung nicht mehr").click()
    page.goto(f"/vorgang/{number}")
    expect(page.get_by_role("heading", name="Diese Seite gibt es nicht")).to_be_visible()
