"""Networks that break, lie or ask for patience: one report each, never none, never two."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import PHONE, City, Open
from tests.browser.cutting_proxy import CuttingProxy
from tests.browser.kept_reports import Records, drafts, fill_in, open_ready, press_send, wait_for, words
from tests.reports import POTHOLE

PATIENCE_SECONDS = 40
PERCENTS = [10, 50, 99]
PATHS = ["/melden", "/melden/foto"]
MANY = 20  # browsers repeat a request by themselves when its connection breaks before the answer
ARRIVED_BY_ITSELF = 40_000  # milliseconds


@pytest.fixture
def records(city: City) -> Records:
    return Records(city)


@pytest.fixture
def bad_network(city: City) -> Iterator[CuttingProxy]:
    with CuttingProxy(city.url) as proxy:
        yield proxy


@pytest.fixture
def open_behind(chromium: Browser, bad_network: CuttingProxy) -> Iterator[Callable[[], Page]]:
    """A phone whose only way to the city is the bad network."""
    contexts: list[BrowserContext] = []

    def open_() -> Page:
        contexts.append(chromium.new_context(base_url=bad_network.url, **PHONE))
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        return page

    yield open_
    for context in contexts:
        context.close()


def arrives_once(page: Page, records: Records, description: str, photos: int = 0) -> None:
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible(timeout=ARRIVED_BY_ITSELF)
    assert drafts(page) == []
    assert (records.reports(description), records.photos(description)) == (1, photos)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("percent", PERCENTS)
def test_a_connection_that_breaks_in_the_middle_costs_no_report(
    open_behind: Callable[[], Page], bad_network: CuttingProxy, records: Records, path: str, percent: int
) -> None:
    page, description = open_behind(), words()
    page.goto("/melden")
    bad_network.cut(percent, path=path)
    fill_in(page, description, [POTHOLE])
    press_send(page)
    arrives_once(page, records, description, photos=1)
    assert bad_network.suffered == [f"POST {path}"]


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_that_is_lost_makes_no_second_report(
    open_behind: Callable[[], Page], bad_network: CuttingProxy, records: Records, path: str
) -> None:
    page, description = open_behind(), words()
    page.goto("/melden")
    bad_network.swallow(path=path)
    fill_in(page, description, [POTHOLE])
    press_send(page)
    arrives_once(page, records, description, photos=1)
    assert bad_network.suffered == [f"POST {path}"]


def test_a_slow_line_is_no_reason_to_say_that_there_is_no_network(
    open_behind: Callable[[], Page], bad_network: CuttingProxy, records: Records
) -> None:
    page, description = open_behind(), words()
    page.goto("/melden")
    said: list[str] = []

    def hear(words_of_page: str) -> None:
        said.append(words_of_page)

    page.expose_function("tellWaiting", hear)
    page.evaluate(
        """() => new MutationObserver(() => {
          if (document.querySelector('.waiting')) tellWaiting(document.querySelector('.waiting').textContent);
        }).observe(document.querySelector('main'), {childList: true})"""
    )
    fill_in(page, description)
    bad_network.limit(30_000)
    page.set_input_files("#f-gallery", [POTHOLE])
    press_send(page)
    arrives_once(page, records, description, photos=1)
    assert said == []


def test_a_network_that_comes_back_without_a_word_is_noticed(
    open_behind: Callable[[], Page], bad_network: CuttingProxy, records: Records
) -> None:
    """The phone believes that it is in a network all the time."""
    page, description = open_behind(), words()
    page.goto("/melden")
    fill_in(page, description)
    bad_network.go_dark()
    press_send(page)
    expect(page.get_by_text("Kein Netz.")).to_be_visible()
    page.wait_for_timeout(6_000)
    bad_network.come_back()
    took = wait_for(lambda: records.reports(description), 15)
    assert took <= 12  # ten seconds between tries, give or take a fifth
    arrives_once(page, records, description)


def test_a_device_that_wrongly_says_offline_sends_all_the_same(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE), words()
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', {get: () => false});")
    page.goto("/melden")
    fill_in(page, description)
    press_send(page)
    arrives_once(page, records, description)


def test_a_lost_answer_is_no_reason_to_forget_the_report_when_the_tab_is_closed(
    open_behind: Callable[[], Page], bad_network: CuttingProxy, records: Records
) -> None:
    page, description = open_behind(), words()
    open_ready(page)
    bad_network.swallow(path="/melden", times=MANY)
    fill_in(page, description)
    press_send(page)
    expect(page.get_by_text("Kein Netz. Ihre Meldung ist auf diesem Gerät gespeichert")).to_be_visible()
    assert [draft["state"] for draft in drafts(page)] == ["queued"]
    context = page.context
    page.close()
    bad_network.heal()
    later = context.new_page()
    later.goto("/hilfe")
    wait_for(lambda: drafts(later) == [])
    assert records.reports(description) == 1
    later.goto("/meine")
    expect(later.locator("#own-reports li")).to_have_count(1)


def test_what_was_changed_after_a_lost_answer_is_not_lost_in_silence(
    open_behind: Callable[[], Page], bad_network: CuttingProxy, records: Records
) -> None:
    page, description = open_behind(), words()
    open_ready(page)
    bad_network.swallow(path="/melden", times=MANY)
    fill_in(page, description)
    press_send(page)
    page.get_by_role("link", name="Bearbeiten").click()
    bad_network.heal()
    page.get_by_label("Beschreibung").fill(f"{description}, ganz anders")
    press_send(page)
    expect(page.get_by_text("Ihre erste Fassung war schon angekommen")).to_be_visible()
    assert (records.reports(description), records.reports(f"{description}, ganz anders")) == (1, 0)


def test_a_log_in_page_of_a_cafe_takes_no_report_away(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE, service_workers="block"), words()
    page.goto("/melden")
    fill_in(page, description)

    def portal(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Willkommen im WLAN</h1>")

    page.route("**/melden", portal)
    press_send(page)
    expect(page.get_by_text("Ihre Meldung ist auf diesem Gerät gespeichert").filter(visible=True)).to_be_visible()
    assert len(drafts(page)) == 1
    page.unroute("**/melden", portal)
    arrives_once(page, records, description)


def test_an_answer_about_another_report_takes_no_report_away(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE, service_workers="block"), words()
    page.goto("/melden")
    fill_in(page, description)

    def wrong(route: Route) -> None:
        route.fulfill(status=200, json={"number": 1, "submission": "00000000-0000-4000-8000-000000000000"})

    page.route("**/melden", wrong)
    press_send(page)
    expect(page.get_by_text("Ihre Meldung ist auf diesem Gerät gespeichert").filter(visible=True)).to_be_visible()
    assert len(drafts(page)) == 1
    page.unroute("**/melden", wrong)
    page.get_by_role("button", name="Jetzt senden").click()
    arrives_once(page, records, description)


def test_a_server_that_asks_for_patience_gets_it(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE, service_workers="block"), words()
    page.goto("/melden")
    fill_in(page, description)
    asked: list[float] = []

    def busy(route: Route) -> None:
        asked.append(time.monotonic())
        if len(asked) == 1:
            route.fulfill(status=503, headers={"Retry-After": "9"}, body="")
        else:
            route.continue_()

    page.route("**/melden", busy)
    press_send(page)
    expect(page.get_by_text("zu viel zu tun oder wird gewartet")).to_be_visible()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    arrives_once(page, records, description)
    assert len(asked) == 2
    assert asked[1] - asked[0] >= 9


def test_the_link_of_a_waiting_report_says_so_with_a_network_too(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE, service_workers="block"), words()
    page.add_init_script("StorageManager.prototype.persist = async () => { window.askedToStay = true; return true; };")
    page.goto("/melden")
    fill_in(page, description)
    page.route("**/melden", lambda route: route.fulfill(status=503, headers={"Retry-After": "600"}, body=""), times=1)
    press_send(page)
    expect(page.get_by_text("zu viel zu tun oder wird gewartet")).to_be_visible()
    assert page.evaluate("() => window.askedToStay")
    page.goto(page.locator("#f-own-link").input_value())
    expect(page.get_by_text("zu viel zu tun oder wird gewartet")).to_be_visible()
    page.get_by_role("button", name="Jetzt senden").click()
    arrives_once(page, records, description)


def test_who_sends_too_much_at_once_hears_it_and_the_report_is_kept(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE, service_workers="block"), words()
    page.goto("/melden")
    fill_in(page, description)
    error = {"error": {"code": "http_429", "message": "Bitte warten Sie eine Weile.", "fields": {}}}
    page.route("**/melden", lambda route: route.fulfill(status=429, json=error), times=1)
    press_send(page)
    expect(page.get_by_text("zu viel zu tun oder wird gewartet")).to_be_visible()
    page.get_by_role("button", name="Jetzt senden").click()
    arrives_once(page, records, description)


def test_what_the_city_cannot_take_comes_back_to_its_fields(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE, service_workers="block"), words()
    page.goto("/melden")
    fill_in(page, description)
    error = {"error": {"code": "email_invalid", "message": "", "fields": {"email": "Das ist keine gültige Adresse."}}}
    page.route("**/melden", lambda route: route.fulfill(status=422, json=error), times=1)
    press_send(page)
    expect(page.locator("#errors")).to_contain_text("Das ist keine gültige Adresse.")
    assert page.input_value("#f-description") == description
    page.goto("/meine")
    expect(page.get_by_text("So konnten wir die Meldung nicht annehmen")).to_be_visible()
    page.get_by_role("link", name="Bearbeiten").click()
    expect(page.locator("#errors")).to_contain_text("Das ist keine gültige Adresse.")
    press_send(page)
    arrives_once(page, records, description)


def test_an_id_that_somebody_else_has_used_is_changed_for_a_new_one(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE, service_workers="block"), words()
    page.goto("/melden")
    fill_in(page, description, [POTHOLE])
    taken = page.input_value("input[name=submission]")
    error = {"error": {"code": "submission_taken", "message": "Schon vergeben.", "fields": {}}}
    page.route("**/melden", lambda route: route.fulfill(status=409, json=error), times=1)
    press_send(page)
    expect(page.locator("#errors")).to_contain_text("Schon vergeben.")
    page.goto("/meine")
    page.get_by_role("link", name="Bearbeiten").click()
    press_send(page)
    arrives_once(page, records, description, photos=1)
    assert records.reports_of(taken) == 0


def test_photos_that_the_city_has_forgotten_are_sent_again(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE), words()
    open_ready(page)
    fill_in(page, description, [POTHOLE])
    expect(page.get_by_text("Hochgeladen")).to_be_visible()
    page.context.set_offline(True)
    press_send(page)
    expect(page.get_by_text("Kein Netz.")).to_be_visible()
    records.forget_uploads()
    page.context.set_offline(False)
    arrives_once(page, records, description, photos=1)


def test_two_tabs_send_a_waiting_report_once(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE), words()
    open_ready(page)
    other = page.context.new_page()
    other.goto("/meine")
    sent: list[str] = []
    page.context.on("request", lambda request: note(sent, request))
    fill_in(page, description)
    page.context.set_offline(True)
    press_send(page)
    expect(page.get_by_text("Kein Netz.")).to_be_visible()
    expect(other.get_by_text("Wartet auf Empfang")).to_be_visible()
    page.context.set_offline(False)
    arrives_once(page, records, description)
    expect(other.locator("#own-reports li")).to_have_count(1)
    expect(other.locator(".unsent-card")).to_have_count(0)
    assert len(sent) == 1


def note(sent: list[str], request: Any) -> None:
    if request.method == "POST" and request.url.endswith("/melden"):
        sent.append(request.url)


def test_a_second_tab_begins_a_report_of_its_own(open_page: Open) -> None:
    page = open_page(PHONE)
    open_ready(page)
    fill_in(page, words())
    wait_for(lambda: drafts(page))
    other = page.context.new_page()
    other.goto("/melden")
    expect(other.get_by_role("heading", name="Was sehen Sie?")).to_be_visible()
    expect(other.locator("#draft-note")).to_be_hidden()
    assert other.input_value("input[name=submission]") != page.input_value("input[name=submission]")


def test_the_browser_sends_in_the_background_when_the_page_is_gone(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE), words()
    open_ready(page)
    fill_in(page, description)
    page.context.set_offline(True)
    press_send(page)
    expect(page.get_by_text("Kein Netz.")).to_be_visible()
    devtools = page.context.new_cdp_session(page)
    registrations: list[Any] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    devtools.send("ServiceWorker.enable")
    while not registrations:
        page.wait_for_timeout(50)
    page.goto("about:blank")
    page.context.set_offline(False)
    devtools.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": str(registrations[0]["scopeURL"]).rstrip("/"),
            "registrationId": registrations[0]["registrationId"],
            "tag": "outbox",
            "lastChance": False,
        },
    )
    wait_for(lambda: records.reports(description) == 1)
    page.goto("/meine")
    expect(page.locator("#own-reports li")).to_have_count(1)
    expect(page.locator("#own-reports")).to_contain_text("Straßenlaterne defekt")
