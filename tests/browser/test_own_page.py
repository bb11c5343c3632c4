"""After sending, in a real browser: answer, add, share, print, erase; with scripts and without."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CLERK, DESKTOP, PHONE, City, Open
from tests.browser.reporting import number_on
from tests.browser.test_accessibility import look_at
from tests.browser.test_the_whole_path import choose_status, fits, log_in
from tests.reports import IMAGES, POTHOLE

LARGE = IMAGES / "Landscape_6.jpg"
SHARED = """() => { window.shared = []; navigator.share = data => { shared.push(data); return Promise.resolve(); }; }"""
CHOSEN = """async () => { const [file] = document.querySelector("#f-photos").files;
  return [file.type, (await file.text()).includes("Exif")]; }"""

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)


def report_a_lamp(open_page: Open, **changes: Any) -> str:
    """Send a report without scripts; its own page."""
    page = open_page(PHONE, java_script_enabled=False, **changes)
    page.goto("/melden/laterne?lat=48.5369&lon=12.1522")
    page.locator("input[name=answer-art]").first.check()
    page.locator("#f-description").fill("Die Laterne ist dunkel.")
    page.locator("#send").click()
    page.wait_for_url("**/meine/*")
    return page.url


def ask_back(open_page: Open, number: int) -> None:
    """A clerk asks the reporter something."""
    desk = open_page(DESKTOP)
    log_in(desk, CLERK)
    desk.goto(f"/verwaltung/vorgang/{number}")
    choose_status(desk, "waiting")
    desk.locator("textarea[name=answer]").first.fill("Welche Laterne ist es genau?")
    desk.get_by_role("button", name="Speichern").click()
    expect(desk.locator(".ticket-state")).to_contain_text("Rückfrage")


def is_answered_for_the_clerk(open_page: Open, number: int) -> None:
    desk = open_page(DESKTOP)
    log_in(desk, CLERK)
    desk.goto(f"/verwaltung/vorgang/{number}")
    expect(desk.locator(".ticket-state")).to_contain_text("Rückfrage beantwortet")
    expect(desk.locator(".ticket-what")).to_contain_text("Die dritte von links.")


def test_the_whole_way_after_sending_needs_no_script(city: City, open_page: Open) -> None:
    own = report_a_lamp(open_page)
    page = open_page(PHONE, java_script_enabled=False)
    page.goto(own)
    number = number_on(page)
    ask_back(open_page, number)
    page.goto(own)
    expect(page.get_by_role("heading", name="Die Stadt hat eine Frage an Sie")).to_be_visible()
    page.get_by_label("Ihre Antwort").fill("Die dritte von links.")
    page.get_by_role("button", name="Antwort senden").click()
    expect(page.get_by_text("Danke für Ihre Antwort.")).to_be_visible()
    is_answered_for_the_clerk(open_page, number)
    page.get_by_role("link", name="Foto oder Text ergänzen").click()
    page.get_by_label("Was möchten Sie ergänzen?").fill("Jetzt flackert auch die daneben.")
    page.set_input_files("#f-photos", POTHOLE)
    page.get_by_role("button", name="Ergänzung senden").click()
    expect(page.get_by_text("Danke, Ihre Ergänzung ist angekommen.")).to_be_visible()
    expect(page.get_by_text("Jetzt flackert auch die daneben.")).to_be_visible()
    page.get_by_role("link", name="Neuigkeiten per E-Mail bekommen").click()
    page.get_by_label("E-Mail").fill("rosa@example.org")
    page.get_by_role("button", name="Link zum Bestätigen schicken").click()
    expect(page.get_by_text("Wir haben Ihnen eine E-Mail geschickt.").first).to_be_visible()
    page.get_by_role("link", name="Alles ansehen").click()
    expect(page.get_by_text("rosa@example.org")).to_be_visible()
    page.goto(own)
    page.get_by_role("link", name="Meine Angaben löschen").click()
    page.get_by_role("button", name="Ja, endgültig löschen").click()
    expect(page.get_by_text("Ihre Angaben zu dieser Meldung sind gelöscht.")).to_be_visible()
    expect(page.get_by_text("flackert")).to_have_count(0)
    fits(page)


@pytest.mark.parametrize(
    "look",
    [
        {"color_scheme": "light", "locale": "de-DE"},
        {"color_scheme": "dark", "locale": "en-GB"},
        {"forced_colors": "active", "locale": "de-DE"},
    ],
    ids=["light", "dark-en", "forced"],
)
def test_every_page_after_sending_is_for_everyone(city: City, open_page: Open, look: dict[str, Any]) -> None:
    own = report_a_lamp(open_page)
    page = open_page(PHONE, **look)
    for path in ("", "/ergaenzen", "/email", "/auskunft", "/loeschen", "/zurueckziehen"):
        page.goto(own + path)
        look_at(page)
    page.goto(f"{own}/ergaenzen")
    page.locator("form[data-add] .primary").click()
    expect(page.locator("#errors")).to_be_focused()
    look_at(page)
    page.goto(own)
    ask_back(open_page, int(page.locator("[data-number]").first.get_attribute("data-number") or 0))
    page.goto(own)
    look_at(page)
    page.locator(".question .primary").click()
    expect(page.locator("#errors")).to_be_focused()
    look_at(page)
    page.goto(f"{own}/email")
    page.locator("#f-email").fill("x@y")
    page.locator("form .primary").click()
    expect(page.locator("#errors")).to_be_focused()
    look_at(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_after_sending_scrolls_sideways(city: City, open_page: Open, width: int) -> None:
    own = report_a_lamp(open_page)
    page = open_page(DESKTOP, viewport={"width": width, "height": 800})
    for path in ("", "/ergaenzen", "/email", "/auskunft", "/loeschen"):
        page.goto(own + path)
        fits(page)


def test_the_secret_link_is_copied_and_the_public_one_is_shared(city: City, open_page: Open) -> None:
    own = report_a_lamp(open_page)
    page = open_page(PHONE, permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script(f"({SHARED})()")
    page.goto(own)
    number = number_on(page)
    page.get_by_role("button", name="Link kopieren").click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == own
    page.get_by_role("button", name="Öffentliche Seite teilen").click()
    [shared] = page.evaluate("() => window.shared")
    assert shared["url"] == f"{city.url}/vorgang/{number}"
    assert own.rsplit("/", 1)[1] not in str(shared)


def test_a_browser_that_cannot_share_copies_the_public_link(city: City, open_page: Open) -> None:
    own = report_a_lamp(open_page)
    page = open_page(DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script("delete Navigator.prototype.share")
    page.goto(own)
    page.get_by_role("button", name="Öffentliche Seite teilen").click()
    expect(page.get_by_role("button", name="Öffentlicher Link kopiert")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{city.url}/vorgang/{number_on(page)}"


def test_the_qr_code_holds_the_link(city: City, open_page: Open) -> None:
    own = report_a_lamp(open_page)
    page = open_page(PHONE)
    page.goto(own)
    page.get_by_text("QR-Code zeigen").click()
    code = page.get_by_role("img", name="QR-Code mit Ihrem persönlichen Link")
    expect(code).to_be_visible()
    page.wait_for_function("() => document.querySelector('.qr img').naturalWidth > 0")
    expect(code).to_have_js_property("complete", True)


def test_paper_shows_number_link_and_code_and_no_buttons(city: City, open_page: Open) -> None:
    own = report_a_lamp(open_page)
    page = open_page(DESKTOP)
    page.goto(own)
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".own-address")).to_have_text(own)
    expect(page.locator(".qr img")).to_be_visible()
    expect(page.locator(".arrived strong").first).to_be_visible()
    for gone in ("Link kopieren", "Drucken", "Öffentliche Seite teilen"):
        expect(page.get_by_role("button", name=gone)).to_be_hidden()
    expect(page.get_by_role("link", name="Meine Angaben löschen")).to_be_hidden()


def test_a_photo_is_drawn_anew_before_it_travels(city: City, open_page: Open) -> None:
    own = report_a_lamp(open_page)
    page = open_page(PHONE)
    page.goto(f"{own}/ergaenzen")
    page.set_input_files("#f-photos", LARGE)
    expect(page.locator("[data-photo-state]")).to_contain_text("Gewählt: Landscape_6.jpg")
    kind, tells = page.evaluate(CHOSEN)
    assert (kind, tells, b"Exif" in LARGE.read_bytes()) == ("image/jpeg", False, True)
    page.get_by_role("button", name="Ergänzung senden").click()
    expect(page.get_by_text("Danke, Ihre Ergänzung ist angekommen.")).to_be_visible()


def test_two_taps_on_send_answer_once(city: City, open_page: Open) -> None:
    own = report_a_lamp(open_page)
    page = open_page(PHONE)
    page.goto(own)
    number = number_on(page)
    page.goto(f"{own}/ergaenzen")
    page.get_by_label("Was möchten Sie ergänzen?").fill("Nur einmal.")
    twice: Callable[[str], Any] = page.locator("form[data-add] .primary").evaluate
    twice("button => { button.click(); button.click(); }")
    expect(page.get_by_text("Danke, Ihre Ergänzung ist angekommen.")).to_be_visible()
    page.goto(f"/vorgang/{number}")
    assert len(re.findall("hat etwas ergänzt", page.content())) == 1


def keyboard_reaches(page: Page, selector: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def test_a_question_is_answered_by_keyboard_alone(city: City, open_page: Open) -> None:
    own = report_a_lamp(open_page)
    page = open_page(DESKTOP)
    page.goto(own)
    ask_back(open_page, number_on(page))
    page.goto(own)
    keyboard_reaches(page, "#f-answer", most=20)
    page.keyboard.type("Die dritte von links.")
    keyboard_reaches(page, ".question button", most=2)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Danke für Ihre Antwort.")).to_be_visible()
