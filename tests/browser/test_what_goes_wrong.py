"""Whatever goes wrong while somebody reports: a sentence says what to do, and nothing that was entered is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import PHONE, City, Open
from tests.browser.reporting import AT_THE_TOWN_HALL, SEND, choose, confirm_place, go_to_the_last_step, take_photo
from tests.browser.test_joining import reported_before, standing_at
from tests.reports import POTHOLE

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)

WORDS = "Tief, gleich am Eingang"
IN_ERGOLDING: dict[str, Any] = {
    "geolocation": {"latitude": 48.5708, "longitude": 12.1930, "accuracy": 20},
    "permissions": ["geolocation"],
}
HUGE: FilePayload = {"name": "riesig.heic", "mimeType": "image/heic", "buffer": bytes(15 * 1024 * 1024 + 1)}
NOTE: FilePayload = {"name": "notiz.txt", "mimeType": "text/plain", "buffer": b"Laterne dunkel"}
FALSE_FRIEND: FilePayload = {
    "name": "kaputt.jpg",
    "mimeType": "image/jpeg",
    "buffer": b"<html>Foto</html>",
}


@dataclass(frozen=True)
class Mishap:
    """On the last page with everything filled in: what is done then, and what the page says."""

    do: Callable[[Page], object]
    says: str
    where: str = "#errors"
    photos: int = 1


def press_send(page: Page) -> None:
    page.get_by_role("button", name=SEND).click()


def add_files(*files: Any) -> Callable[[Page], None]:
    return lambda page: page.set_input_files("#f-gallery", list(files))


def write_and_send(field: str, words: str) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        page.locator(field).fill(words)
        press_send(page)

    return do


def send_without_photo_or_words(page: Page) -> None:
    page.locator(".remove").click()
    page.locator("#f-description").fill(" ")
    press_send(page)


def send_into(status: int) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        page.route("**/melden", lambda route: route.fulfill(status=status, headers={"Retry-After": "60"}, body="busy"))
        press_send(page)

    return do


def send_without_network(page: Page) -> None:
    expect(page.locator(".previews li")).to_have_attribute("data-state", "done")
    page.context.set_offline(True)
    press_send(page)


MISHAPS = {
    "a photo is too large": Mishap(add_files(HUGE), "Das Foto ist größer als 15 MB.", "#photo-problem"),
    "a file is no photo": Mishap(add_files(NOTE), "Das ist kein Foto. Bitte wählen Sie ein Bild", "#photo-problem"),
    "a photo is broken": Mishap(add_files(FALSE_FRIEND), "„kaputt.jpg“ ist kein Foto", "#photo-problem"),
    "there are too many photos": Mishap(
        add_files(POTHOLE, POTHOLE, POTHOLE), "Es sind höchstens 3 Fotos möglich.", "#photo-problem", photos=3
    ),
    "the e-mail is wrong": Mishap(write_and_send("#f-email", "nicht gültig"), "Das ist keine gültige E-Mail-Adresse."),
    "the text is too long": Mishap(write_and_send("#f-description", "lang " * 2001), "Der Text ist zu lang."),
    "neither text nor photo": Mishap(send_without_photo_or_words, "Bitte beschreiben Sie den Mangel kurz", photos=0),
}


@pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS)
def test_it_is_said_on_the_last_page_and_the_rest_stays(city: City, open_page: Open, mishap: Mishap) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    go_to_the_last_step(page)
    page.locator("#f-description").fill(WORDS)
    mishap.do(page)
    expect(page.locator(mishap.where)).to_contain_text(mishap.says)
    expect(page.locator(".previews li")).to_have_count(mishap.photos)
    expect(page.locator("[name=lat]")).to_have_value("48.537200")
    expect(page.locator("[name=category]:checked")).to_have_value("schlagloch")
    if mishap.where == "#errors":
        expect(page.locator("#errors")).to_be_focused()
        page.locator("#errors a").click()
        assert page.evaluate("() => document.activeElement.closest('.field.faulty') !== null")
    elif mishap.photos:
        expect(page.locator("#f-description")).to_have_value(WORDS)


@pytest.mark.parametrize(
    ("do", "says"),
    [(send_without_network, "Kein Netz."), (send_into(429), "gespeichert"), (send_into(503), "gespeichert")],
    ids=["no network", "too many at once", "the server is down"],
)
def test_what_cannot_be_sent_now_waits_on_the_phone(
    city: City, open_page: Open, do: Callable[[Page], None], says: str
) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL, service_workers="block")
    go_to_the_last_step(page)
    page.locator("#f-description").fill(WORDS)
    do(page)
    expect(page.locator("main .waiting")).to_contain_text(says)
    expect(page.locator("main .waiting")).to_contain_text("Schlagloch")


def test_a_phone_that_does_not_say_where_it_is_is_not_needed(city: City, open_page: Open) -> None:
    page = open_page(PHONE)
    page.goto("/melden")
    take_photo(page)
    expect(page.locator("#place-words")).to_contain_text("Ihr Gerät hat den Standort nicht freigegeben.")
    page.get_by_role("button", name="Ort bestätigen").click()
    expect(page.locator("#place-words")).to_have_text(
        "Bitte geben Sie an, wo der Mangel ist: auf der Karte oder als Adresse."
    )
    expect(page.locator("#f-address")).to_be_focused()
    page.locator("#f-address").fill("Altstadt 12")
    page.get_by_role("button", name="Ort bestätigen").click()
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_visible()


def test_a_phone_without_reception_of_satellites_says_so(city: City, open_page: Open) -> None:
    page = open_page(PHONE, permissions=["geolocation"])
    page.context.new_cdp_session(page).send("Emulation.setGeolocationOverride")
    page.goto("/melden")
    take_photo(page)
    expect(page.locator("#place-words")).to_contain_text("Ihr Gerät findet den Standort gerade nicht.")


def test_who_stands_outside_the_city_hears_where_to_turn(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **IN_ERGOLDING)
    page.goto("/melden")
    take_photo(page)
    expect(page.locator("#place-words")).to_contain_text("Dieser Ort liegt in Ergolding, nicht in Landshut.")
    page.get_by_role("button", name="Ort bestätigen").click()
    choose(page, "Schlagloch oder Fahrbahnschaden")
    press_send(page)
    expect(page.locator("#errors")).to_contain_text("Bitte wenden Sie sich an den Markt Ergolding.")
    expect(page.get_by_role("heading", name="Wo ist es?")).to_be_visible()
    expect(page.locator("[name=lat]")).to_have_value("48.570800")


def test_without_a_category_nobody_goes_on(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    page.goto("/melden")
    take_photo(page)
    confirm_place(page)
    page.get_by_role("button", name="Weiter").click()
    expect(page.locator(".error.here")).to_have_text("Bitte wählen Sie, worum es geht.")


def test_the_emergency_step_waits_for_an_answer(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    page.goto("/melden")
    take_photo(page)
    confirm_place(page)
    choose(page, "Wasser tritt")
    page.get_by_role("button", name="Weiter").click()
    expect(page.locator("[data-stop] .error.here")).to_contain_text("Bitte sagen Sie uns, ob Sie angerufen haben")
    page.get_by_label("Es besteht keine akute Gefahr").check()
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", name="Noch etwas?")).to_be_visible()


def test_a_question_that_must_be_answered_says_so(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    page.goto("/melden")
    take_photo(page)
    confirm_place(page)
    choose(page, "Spielplatz oder Spielgerät")
    page.get_by_role("button", name="Weiter").click()
    expect(page.locator("#errors")).to_contain_text(
        "Welches Gerät oder welcher Bereich? Bitte beantworten Sie diese Frage."
    )
    page.locator("#errors a").click()
    expect(page.locator("#f-answer-geraet")).to_be_focused()
    page.keyboard.type("Rutsche")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", name="Noch etwas?")).to_be_visible()
    expect(page.locator("#errors")).to_have_count(0)


def test_where_no_photos_are_taken_they_wait_for_another_choice(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    go_to_the_last_step(page, "Wiederkehrendes Falschparken")
    expect(page.locator("#photo-notice")).to_contain_text("In dieser Kategorie nehmen wir keine Fotos an.")
    press_send(page)
    expect(page.locator("#errors")).to_contain_text("Bitte beschreiben Sie den Mangel kurz")
    page.get_by_role("button", name="Zurück").click()
    choose(page, "Schlagloch oder Fahrbahnschaden")
    expect(page.locator("#photo-notice")).to_be_hidden()
    expect(page.locator(".previews li")).to_have_count(1)


def test_an_upload_that_broke_off_goes_on_when_asked(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL, service_workers="block")
    page.clock.install()
    page.route("**/melden/foto", lambda route: route.abort())
    page.goto("/melden")
    page.set_input_files("#f-camera", POTHOLE)
    photo = page.locator(".previews li")
    page.get_by_role("button", name="Zurück").click()
    for _ in range(5):
        page.clock.fast_forward(20_000)
        page.wait_for_timeout(200)
    expect(photo).to_contain_text("Noch nicht hochgeladen")
    page.unroute("**/melden/foto")
    photo.get_by_role("button", name="Noch einmal versuchen").click()
    expect(photo).to_contain_text("Hochgeladen")


def test_a_page_that_is_reloaded_before_what_is_near_goes_on_at_the_category(city: City, open_page: Open) -> None:
    spot = (48.5455, 12.1655)
    page = open_page(PHONE, **standing_at(spot))
    reported_before(page, spot)
    page.goto("/melden")
    take_photo(page)
    confirm_place(page)
    page.locator("#category-search").fill("Papierkorb")
    page.locator("#category-hints button:has-text('Papierkorb')").first.click()
    expect(page.locator("#h-nearby")).to_be_visible()
    page.wait_for_timeout(600)  # as long as the form takes to keep its draft
    page.reload()
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_visible()
    expect(page.locator("[name=category]:checked")).to_have_value("papierkorb")
