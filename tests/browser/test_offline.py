"""Without a network the form opens, keeps everything, and sends it once the network is back: exactly once."""

import re
import signal
import threading
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, City, Open
from tests.browser.kept_reports import (
    THREE_PHOTOS,
    Records,
    choose_lamp,
    drafts,
    fill_in,
    open_ready,
    press_send,
    wait_for,
    words,
)

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)

MOST_SECONDS_TO_STORE = 1.0  # U9
MOST_SECONDS_TO_SEND = 10.0  # U9


@pytest.fixture
def records(city: City) -> Records:
    return Records(city)


def go_offline(page: Page, is_offline: bool = True) -> None:
    page.context.set_offline(is_offline)


def test_a_report_with_three_photos_from_aeroplane_mode_arrives_once(
    open_page: Open, records: Records, record_property: Callable[[str, object], None]
) -> None:
    page, description = open_page(PHONE), words()
    open_ready(page)
    go_offline(page)
    page.goto("/melden")
    expect(page.get_by_role("heading", name="Was sehen Sie?")).to_be_visible()
    fill_in(page, description, THREE_PHOTOS)
    expect(page.locator(".previews li")).to_have_count(3)
    press_send(page)
    stored = wait_for(lambda: [draft["state"] for draft in drafts(page)] == ["queued"])
    assert stored <= MOST_SECONDS_TO_STORE
    expect(page.get_by_text("Kein Netz. Ihre Meldung ist auf diesem Gerät gespeichert")).to_be_visible()
    [draft] = drafts(page)
    assert len(draft["photos"]) == 3
    assert records.reports(description) == 0

    go_offline(page, False)
    sent = wait_for(lambda: records.reports(description), MOST_SECONDS_TO_SEND)
    record_property("seconds to store", f"{stored:.2f}")
    record_property("seconds to send", f"{sent:.2f}")
    page.wait_for_url("**/meine/*")
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert page.url.endswith(draft["secret"])
    assert drafts(page) == []
    assert (records.reports(description), records.photos(description)) == (1, 3)


def test_an_unfinished_report_survives_a_reload(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE), words()
    open_ready(page)
    fill_in(page, description, THREE_PHOTOS[:1])
    wait_for(lambda: [draft["fields"].get("description") for draft in drafts(page)] == [description])
    submission = page.input_value("input[name=submission]")
    page.reload()
    expect(page.get_by_text("Ihre angefangene Meldung ist noch da.")).to_be_visible()
    expect(page.get_by_role("heading", name="Noch etwas?")).to_be_visible()
    assert page.input_value("#f-description") == description
    assert page.input_value("input[name=submission]") == submission
    press_send(page)
    page.wait_for_url("**/meine/*")
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert (records.reports(description), records.photos(description)) == (1, 1)


def test_who_begins_anew_is_asked_once_and_finds_an_empty_form(open_page: Open) -> None:
    page = open_page(PHONE)
    open_ready(page)
    fill_in(page, words(), THREE_PHOTOS[:1])
    wait_for(lambda: drafts(page))
    page.reload()
    page.get_by_role("button", name="Neu beginnen").click()
    assert len(drafts(page)) == 1
    page.get_by_role("button", name="Wirklich verwerfen?").click()
    expect(page.get_by_role("heading", name="Was sehen Sie?")).to_be_visible()
    expect(page.get_by_text("Ihre angefangene Meldung ist noch da.")).to_be_hidden()
    assert drafts(page) == []


def test_every_page_says_that_a_report_waits_and_mine_lets_one_send_change_or_discard_it(
    open_page: Open, records: Records
) -> None:
    page, description = open_page(PHONE), words()
    open_ready(page)
    fill_in(page, description)
    go_offline(page)
    press_send(page)
    expect(page.get_by_text("Kein Netz.")).to_be_visible()
    page.goto("/hilfe")
    page.get_by_role("link", name="1 Meldung noch nicht gesendet").click()
    card = page.locator(".unsent-card")
    expect(card.get_by_role("heading", name="Straßenlaterne defekt")).to_be_visible()
    expect(card.get_by_text("Wartet auf Empfang")).to_be_visible()
    card.get_by_role("button", name="Jetzt senden").click()
    expect(card.get_by_text("Wartet auf Empfang")).to_be_visible()

    card.get_by_role("link", name="Bearbeiten").click()
    expect(page.get_by_role("heading", name="Noch etwas?")).to_be_visible()
    page.get_by_label("Beschreibung").fill(f"{description} und kaputt")
    press_send(page)
    expect(page.get_by_text("Kein Netz.")).to_be_visible()

    page.goto("/meine")
    page.get_by_role("button", name="Verwerfen").click()
    page.get_by_role("button", name="Wirklich verwerfen?").click()
    expect(page.locator(".unsent-card")).to_have_count(0)
    expect(page.locator("#unsent")).to_be_hidden()
    go_offline(page, False)
    page.reload()
    assert records.reports(description) + records.reports(f"{description} und kaputt") == 0


def test_the_status_link_holds_before_the_first_byte_was_sent(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE), words()
    open_ready(page)
    fill_in(page, description)
    go_offline(page)
    press_send(page)
    link = page.get_by_label("Ihr persönlicher Link").input_value()
    page.goto(link)
    expect(page.get_by_text("Kein Netz. Ihre Meldung ist auf diesem Gerät gespeichert")).to_be_visible()
    expect(page.get_by_text("Straßenlaterne defekt")).to_be_visible()

    stranger = open_page(PHONE)
    assert stranger.goto(link)
    expect(stranger.get_by_role("heading", name=re.compile("noch nicht bei uns angekommen"))).to_be_visible()

    go_offline(page, False)
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert page.url == link
    assert records.reports(description) == 1


def test_the_form_asks_its_questions_without_a_network(open_page: Open) -> None:
    page = open_page(PHONE)
    open_ready(page)
    go_offline(page)
    page.goto("/melden")
    page.get_by_role("button", name="Ohne Foto weiter").click()
    page.get_by_label("Oder Adresse eingeben").fill("Altstadt 12")
    page.get_by_role("button", name="Ort bestätigen").click()
    choose_lamp(page)
    expect(page.locator("input[name='answer-art']").first).to_be_attached()


def test_without_a_network_pages_speak_the_language_that_was_chosen(open_page: Open) -> None:
    page = open_page(PHONE)
    open_ready(page, "/melden?lang=en")
    go_offline(page)
    page.goto("/melden")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/melden?lang=de")
    assert page.locator("html").get_attribute("lang") == "de"


def test_a_language_that_is_chosen_later_is_kept_too(open_page: Open) -> None:
    page = open_page(PHONE)
    open_ready(page)
    page.goto("/hilfe?lang=en")
    wait_for(lambda: page.evaluate("async () => Boolean(await caches.match('/offline?lang=en', {ignoreVary: true}))"))
    go_offline(page)
    page.goto("/meldungen")
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_slow_network_does_not_keep_anyone_waiting(open_page: Open, city: City) -> None:
    page = open_page(PHONE)
    open_ready(page)
    slow = city.processes[0]
    slow.send_signal(signal.SIGSTOP)
    try:
        start = time.monotonic()
        page.goto("/melden")
        expect(page.get_by_role("heading", name="Was sehen Sie?")).to_be_visible()
        assert time.monotonic() - start < 3 + 2
    finally:
        slow.send_signal(signal.SIGCONT)


def test_a_link_with_a_place_is_waited_for(open_page: Open, city: City) -> None:
    page = open_page(PHONE)
    open_ready(page)
    slow = city.processes[0]
    slow.send_signal(signal.SIGSTOP)
    waking = threading.Timer(4, slow.send_signal, [signal.SIGCONT])
    waking.start()
    page.goto("/melden?address=Altstadt+12")
    assert page.input_value("#f-address") == "Altstadt 12"
    waking.join()


def test_what_needs_the_network_says_so_and_leads_to_the_form(open_page: Open) -> None:
    page = open_page(PHONE)
    open_ready(page)
    go_offline(page)
    page.goto("/meldungen")
    expect(page.get_by_role("heading", name="Gerade kein Netz")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Mangel melden").click()
    expect(page.get_by_role("heading", name="Was sehen Sie?")).to_be_visible()


def test_nothing_private_is_ever_kept(open_page: Open) -> None:
    page = open_page(PHONE)
    open_ready(page)
    fill_in(page, words())
    press_send(page)
    page.wait_for_url("**/meine/*")
    page.goto("/")
    page.goto("/verwaltung/anmelden")
    kept = page.evaluate(
        """async () => {
          const names = await caches.keys();
          const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
          return all.flat().map(({url}) => new URL(url).pathname);
        }"""
    )
    assert "/melden" in kept
    assert [path for path in kept if re.search("verwaltung|/foto|/meine/.{43}|vorgang", path)] == []


def test_an_installed_page_is_found_after_the_first_visit_to_any_page(open_page: Open) -> None:
    page = open_page(PHONE)
    open_ready(page, "/hilfe")
    go_offline(page)
    page.goto("/melden")
    expect(page.get_by_role("heading", name="Was sehen Sie?")).to_be_visible()
