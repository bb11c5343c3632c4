"""What phones do to a report: tabs are killed, storage is full or forbidden, the site has changed meanwhile."""

import os
import shutil
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text

from maengelmelder.settings import ROOT
from tests.browser.conftest import PHONE, City, Open
from tests.browser.kept_reports import (
    ABOUT_A_LAMP,
    THREE_PHOTOS,
    Records,
    drafts,
    fill_in,
    keep_draft_of_version,
    open_ready,
    press_send,
    wait_for,
    words,
)
from tests.reports import POTHOLE

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)

SMALL_QUOTA = 1000  # bytes


@pytest.fixture
def records(city: City) -> Records:
    return Records(city)


def test_a_killed_browser_brings_the_report_and_its_photos_back(
    chromium: Browser, city: City, records: Records, tmp_path: Path
) -> None:
    description = words()
    with own_browser(chromium, city, tmp_path) as context:
        page = context.new_page()
        open_ready(page)
        fill_in(page, description, THREE_PHOTOS)
        wait_for(lambda: [draft["fields"].get("description") for draft in drafts(page)] == [description])
        assert len(drafts(page)[0]["photos"]) == 3
        kill(tmp_path)
    with own_browser(chromium, city, tmp_path) as context:
        page = context.new_page()
        page.goto("/melden")
        expect(page.get_by_text("Ihre angefangene Meldung ist noch da.")).to_be_visible()
        press_send(page)
        expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert (records.reports(description), records.photos(description)) == (1, 3)


def test_a_browser_killed_while_a_report_waits_sends_it_at_the_next_visit(
    chromium: Browser, city: City, records: Records, tmp_path: Path
) -> None:
    description = words()
    with own_browser(chromium, city, tmp_path) as context:
        page = context.new_page()
        open_ready(page)
        fill_in(page, description, [POTHOLE])
        context.set_offline(True)
        press_send(page)
        expect(page.get_by_text("Kein Netz.")).to_be_visible()
        kill(tmp_path)
    with own_browser(chromium, city, tmp_path) as context:
        page = context.new_page()
        page.goto("/hilfe")
        wait_for(lambda: records.reports(description))
        wait_for(lambda: drafts(page) == [])
    assert (records.reports(description), records.photos(description)) == (1, 1)


@contextmanager
def own_browser(chromium: Browser, city: City, profile: Path) -> Iterator[BrowserContext]:
    """A browser whose memory outlives it."""
    (profile / "SingletonLock").unlink(missing_ok=True)
    context = chromium.browser_type.launch_persistent_context(
        str(profile), executable_path=shutil.which("chromium"), base_url=city.url, **PHONE
    )
    try:
        yield context
    finally:
        with suppress(Exception):  # killed
            context.close()


def kill(profile: Path) -> None:
    """End every process of the browser with this profile at once, as a phone that needs memory does."""
    for directory in Path("/proc").iterdir():
        with suppress(OSError):
            if str(profile).encode() in (directory / "cmdline").read_bytes():
                os.kill(int(directory.name), signal.SIGKILL)


def test_a_full_phone_says_so_and_sends_straight_away(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE), words()
    page.goto("/melden")
    devtools = page.context.new_cdp_session(page)
    origin = page.evaluate("() => location.origin")
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": SMALL_QUOTA})
    fill_in(page, description, [POTHOLE])
    expect(page.get_by_text("kein Speicherplatz mehr frei")).to_be_visible()
    press_send(page)
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert (records.reports(description), records.photos(description)) == (1, 1)


def without_storage(open_page: Open) -> Page:
    page = open_page(PHONE)
    page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('not here', 'InvalidStateError'); };"
    )
    return page


def test_a_browser_that_keeps_nothing_reports_all_the_same(open_page: Open, records: Records) -> None:
    page, description = without_storage(open_page), words()
    page.goto("/melden")
    fill_in(page, description, [POTHOLE])
    expect(page.get_by_text("Dieser Browser speichert gerade nichts")).to_be_visible()
    press_send(page)
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert (records.reports(description), records.photos(description)) == (1, 1)


def test_without_storage_and_network_the_form_says_so_and_keeps_what_was_entered(
    open_page: Open, records: Records
) -> None:
    page, description = without_storage(open_page), words()
    page.goto("/melden")
    fill_in(page, description, [POTHOLE])
    page.context.set_offline(True)
    press_send(page)
    expect(page.locator("#errors")).to_contain_text("Kein Netz")
    assert page.input_value("#f-description") == description
    page.context.set_offline(False)
    press_send(page)
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert (records.reports(description), records.photos(description)) == (1, 1)


def test_an_older_browser_keeps_and_sends_too(open_page: Open, records: Records) -> None:
    """Without Web Locks, BroadcastChannel, Background Sync and a badge, as on an iPhone of 2021."""
    page, description = open_page(PHONE), words()
    page.add_init_script(
        """delete Navigator.prototype.locks;
        delete window.BroadcastChannel;
        delete ServiceWorkerRegistration.prototype.sync;
        delete Navigator.prototype.setAppBadge;"""
    )
    open_ready(page)
    fill_in(page, description, [POTHOLE])
    page.context.set_offline(True)
    press_send(page)
    expect(page.get_by_text("Kein Netz.")).to_be_visible()
    expect(page.locator("#unsent")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert (records.reports(description), records.photos(description)) == (1, 1)


def draft_of_version(version: int, description: str, state: str) -> dict[str, Any]:
    """Drafts as earlier versions of the site wrote them: see static/js/draft_versions.js."""
    fields = {**ABOUT_A_LAMP, "description": description}
    return {
        "submission": str(uuid.uuid4()),
        "secret": uuid.uuid4().hex + "A" * 11,
        "version": version,
        "createdAt": 1_760_000_000_000,
        "state": state,
        "fields": fields if version == 1 else list(fields.items()),
        "photos": ["a file"] if version == 1 else [{"name": "foto.jpg", "key": None}],
    }


@pytest.mark.parametrize("version", [1, 2])
def test_reports_kept_by_earlier_versions_are_sent(open_page: Open, records: Records, version: int) -> None:
    page, description = open_page(PHONE), words()
    page.goto("/hilfe")
    draft = draft_of_version(version, description, "queued")
    keep_draft_of_version(page, version, draft)
    page.goto("/hilfe")
    wait_for(lambda: records.reports(description))
    assert (records.reports_of(draft["submission"]), records.photos(description)) == (1, 1)
    page.goto(f"/meine/{draft['secret']}")
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert drafts(page) == []


@pytest.mark.parametrize("version", [1, 2])
def test_reports_begun_in_earlier_versions_go_on_in_the_form(open_page: Open, records: Records, version: int) -> None:
    page, description = open_page(PHONE), words()
    page.goto("/hilfe")
    draft = draft_of_version(version, description, "editing")
    keep_draft_of_version(page, version, draft)
    page.goto("/melden")
    expect(page.get_by_text("Ihre angefangene Meldung ist noch da.")).to_be_visible()
    assert page.input_value("#f-description") == description
    assert page.input_value("input[name=submission]") == draft["submission"]
    go_to_the_end(page)
    press_send(page)
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert (records.reports(description), records.photos(description)) == (1, 1)


def go_to_the_end(page: Page) -> None:
    """Every step as it stands, by the button below."""
    shown = page.locator(".step:visible h2")
    while (heading := shown.inner_text()) != "Noch etwas?":
        page.locator("#next").click()
        expect(shown).not_to_have_text(heading)


def test_what_a_newer_version_has_kept_is_seen_but_not_touched(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE), words()
    page.goto("/hilfe")
    draft = draft_of_version(2, description, "queued") | {"version": 9}
    keep_draft_of_version(page, 9, draft)
    page.goto("/meine")
    expect(page.get_by_text("Eine neuere Fassung dieser Seite hat sie gespeichert")).to_be_visible()
    expect(page.get_by_role("link", name="1 Meldung noch nicht gesendet")).to_be_visible()
    assert page.get_by_role("button", name="Jetzt senden").count() == 0
    assert records.reports(description) == 0
    found = page.evaluate("async () => (await indexedDB.databases()).map(({version}) => version)")
    assert found == [9]


@pytest.fixture
def change_city(city: City, tmp_path: Path) -> Iterator[Callable[[str, dict[str, Any]], None]]:
    """Load Landshut again with one category changed; afterwards as it was."""

    def change(key: str, changes: dict[str, Any]) -> None:
        directory = tmp_path / "changed"
        shutil.copytree(ROOT / "cities" / "landshut", directory)
        path = directory / "catalogue.yaml"
        catalogue = yaml.safe_load(path.read_text(encoding="utf-8"))
        for category in catalogue["categories"]:
            if category["key"] == key:
                category.update(changes)
        path.write_text(yaml.safe_dump(catalogue, allow_unicode=True), encoding="utf-8")
        city.run("city", "load", str(directory))

    yield change
    city.run("city", "load", str(ROOT / "cities" / "landshut"))


@pytest.mark.parametrize(("successor", "expected"), [("verkehrsschild", "verkehrsschild"), ("", "sonstiges")])
def test_a_category_retired_meanwhile_goes_to_its_successor_or_the_desk(
    open_page: Open,
    records: Records,
    change_city: Callable[[str, dict[str, Any]], None],
    successor: str,
    expected: str,
) -> None:
    page, description = open_page(PHONE), words()
    open_ready(page)
    fill_in(page, description)
    page.context.set_offline(True)
    press_send(page)
    expect(page.get_by_text("Kein Netz.")).to_be_visible()
    change_city("laterne", {"active": False, **({"successor": successor} if successor else {})})
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert records.category(description) == expected


def test_an_open_form_goes_on_while_the_site_changes_under_it(open_page: Open, records: Records) -> None:
    page, description = open_page(PHONE), words()
    open_ready(page)
    before = caches(page)
    new_version(records)
    page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    wait_for(lambda: len(caches(page)) == 2)
    assert before[0] in caches(page)
    page.context.set_offline(True)
    fill_in(page, description, [POTHOLE])
    page.context.set_offline(False)
    press_send(page)
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert records.reports(description) == 1

    new_version(records)
    page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    wait_for(lambda: before[0] not in caches(page))
    assert len(caches(page)) == 2


def caches(page: Page) -> list[str]:
    found: list[str] = page.evaluate("async () => (await caches.keys()).filter((name) => name.startsWith('city-'))")
    return found


def new_version(records: Records) -> None:
    """Whatever changes in files or catalogue makes another version."""
    with records.engine.begin() as connection:
        connection.execute(text("UPDATE city SET revision = revision + 1"))


def test_the_city_is_seen_as_it_is_now_where_there_is_a_network(
    open_page: Open, change_city: Callable[[str, dict[str, Any]], None]
) -> None:
    page = open_page(PHONE)
    open_ready(page)
    change_city("laterne", {"name": "Lampe auf der Straße"})
    page.goto("/melden")
    expect(page.get_by_text("Lampe auf der Straße").first).to_be_attached()
