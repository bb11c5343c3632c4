"""What the house exists for, from the phone at the lamp to the pin that everyone sees."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CLERK, DESKTOP, PHONE, City, Open
from tests.browser.reporting import AT_THE_TOWN_HALL, choose, confirm_place, number_on, send, take_photo
from tests.reports import POTHOLE


def report_a_dark_lamp(page: Page, words: str) -> int:
    """Report on a phone with photo and position; the number that the phone shows."""
    page.goto("/")
    page.get_by_role("link", name="Mangel melden").first.click()
    expect(page.get_by_role("heading", name="Was sehen Sie?")).to_be_visible()
    take_photo(page)
    confirm_place(page)
    choose(page, "Straßenlaterne defekt")
    page.get_by_label("aus", exact=True).check()
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Beschreibung").fill(words)
    return send(page)


def log_in(page: Page, who: tuple[str, str]) -> None:
    page.goto("/verwaltung/")
    page.locator("input[name=email]").fill(who[0])
    page.locator("input[name=password]").fill(who[1])
    page.get_by_role("button", name="Anmelden").click()
    expect(page).to_have_url(re.compile(r"/verwaltung/$"))


def fits(page: Page) -> None:
    """Nothing but the map may scroll sideways."""
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0, page.url


def test_a_dark_lamp_travels_from_the_phone_to_the_department_and_back(city: City, open_page: Open) -> None:
    phone = open_page(PHONE, **AT_THE_TOWN_HALL)
    number = report_a_dark_lamp(phone, "Laterne dunkel, seit Montag")
    status_page = phone.url

    mail = city.wait_for_mail("strassenbeleuchtung@maengelmelder.example", number)
    [photo] = list(mail.iter_attachments())
    assert photo.get_content_type() == "image/jpeg"
    assert photo.get_content().startswith(b"\xff\xd8\xff")

    desk = open_page(DESKTOP)
    log_in(desk, CLERK)
    desk.locator(f"main a[href='/verwaltung/vorgang/{number}']").first.click()
    expect(desk.get_by_text("Laterne dunkel, seit Montag")).to_be_visible()
    desk.get_by_role("button", name="Annehmen").click()
    expect(desk.locator(".ticket-state")).to_contain_text("Angenommen")
    desk.locator("select[name=status], input[name=status][value=scheduled]").first.wait_for(state="attached")
    choose_status(desk, "scheduled")
    desk.locator("textarea[name=answer]").first.fill("Wir tauschen das Leuchtmittel am Freitag.")
    desk.get_by_role("button", name="Speichern").click()
    expect(desk.locator(".ticket-state")).to_contain_text("Eingeplant")
    for _ in ("text", "photo"):
        desk.get_by_role("button", name=re.compile("freigeben|Freigeben")).first.click()
        desk.wait_for_load_state()

    phone.goto(status_page)
    expect(phone.get_by_text("Eingeplant").first).to_be_visible()
    expect(phone.get_by_text("Wir tauschen das Leuchtmittel am Freitag.").first).to_be_visible()

    stranger = open_page(PHONE)
    stranger.goto("/")
    stranger.get_by_role("link", name=re.compile("Straßenlaterne defekt")).first.wait_for()
    stranger.goto(f"/vorgang/{number}")
    expect(stranger.get_by_text("Eingeplant").first).to_be_visible()
    expect(stranger.get_by_text("Laterne dunkel, seit Montag")).to_be_visible()
    picture = stranger.locator("main img").first
    picture.scroll_into_view_if_needed()
    stranger.wait_for_function("() => document.querySelector('main img').naturalWidth > 300")
    fits(stranger)


def choose_status(page: Page, status: str) -> None:
    select = page.locator("select[name=status]")
    if select.count():
        select.first.select_option(status)
    else:
        page.locator(f"input[name=status][type=radio][value={status}]").first.check()


def test_everything_works_without_scripts(city: City, open_page: Open) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    page.goto("/melden/laterne")
    page.set_input_files("input[name=photos] >> nth=0", POTHOLE)
    page.get_by_label("Oder Adresse eingeben").fill("Altstadt 12, vor der Apotheke")
    page.get_by_label("flackert").check()
    page.get_by_role("button", name="Meldung senden").click()
    page.wait_for_url("**/meine/*")
    number = number_on(page)
    page.goto(f"/meldungen?q={number}")
    page.get_by_role("link", name=re.compile("Straßenlaterne defekt")).first.click()
    expect(page.get_by_text("Eingegangen").first).to_be_visible()
    fits(page)


def test_a_refused_report_comes_back_filled(city: City, open_page: Open) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    page.goto("/melden/laterne")
    page.set_input_files("input[name=photos] >> nth=0", POTHOLE)
    page.get_by_label("aus", exact=True).check()
    page.get_by_label("Beschreibung").fill("Sehr dunkel hier")
    page.get_by_role("button", name="Meldung senden").click()
    expect(page.get_by_text("Bitte geben Sie an, wo der Mangel ist").first).to_be_visible()
    expect(page.get_by_label("Beschreibung")).to_have_value("Sehr dunkel hier")
    expect(page.get_by_label("aus", exact=True)).to_be_checked()
    expect(page.locator("input[name=uploads]")).to_be_checked()
    page.get_by_label("Oder Adresse eingeben").fill("Altstadt 12")
    page.get_by_role("button", name="Meldung senden").click()
    page.wait_for_url("**/meine/*")
    expect(page.locator("main")).to_contain_text("Foto")


@pytest.mark.parametrize("address", ["/", "/melden", "/meldungen", "/meine", "/impressum", "/verwaltung/anmelden"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways(city: City, open_page: Open, address: str, width: int) -> None:
    page = open_page(DESKTOP, viewport={"width": width, "height": 800})
    page.goto(address)
    fits(page)


def test_a_browser_in_english_reads_english(city: City, open_page: Open) -> None:
    page = open_page(PHONE, locale="en-GB")
    page.goto("/melden")
    expect(page.get_by_role("heading", name="Report a problem")).to_be_visible()
    page.goto("/melden/laterne")
    expect(page.get_by_text("Street lamp", exact=False).first).to_be_attached()


def test_the_stop_step_must_be_answered(city: City, open_page: Open) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    page.goto("/melden/wasseraustritt")
    page.get_by_label("Oder Adresse eingeben").fill("Altstadt 12")
    page.get_by_label("Beschreibung").fill("Wasser sprudelt aus der Straße")
    page.get_by_role("button", name="Meldung senden").click()
    expect(page.get_by_text("Bitte sagen Sie uns, ob Sie angerufen haben").first).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("112"))).to_have_attribute("href", "tel:112")
    page.get_by_label("Ich habe angerufen").check()
    page.get_by_role("button", name="Meldung senden").click()
    page.wait_for_url("**/meine/*")


def test_the_phones_own_position_keeps_its_accuracy(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    page.goto("/melden")
    page.get_by_role("button", name="Ohne Foto weiter").click()
    expect(page.locator("#place-words")).to_contain_text("Sie stehen ungefähr hier.")
    page.get_by_role("button", name="Ort bestätigen").click()
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_visible()
    expect(page.locator("input[name=accuracy]")).to_have_value("18")
    expect(page.locator("input[name=lat]")).to_have_value("48.537200")
