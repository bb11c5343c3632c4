"""Two taps instead of a second report, on a phone that stands where somebody else stood before."""

import itertools
import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open
from tests.browser.reporting import confirm_place, send, take_photo
from tests.browser.test_accessibility import look_at

THIS = "Das ist es: Ich bin auch betroffen"
OTHER = "Nein, etwas anderes"
JSON = {"Accept": "application/json"}
SPOTS = itertools.count()


@pytest.fixture
def spot() -> tuple[float, float]:
    """A place in the city, more than 250 m from where any other test reports."""
    number = next(SPOTS)
    return 48.5250 + number % 5 * 0.003, 12.1200 + number // 5 * 0.005


def standing_at(spot: tuple[float, float]) -> dict[str, Any]:
    place = {"latitude": spot[0], "longitude": spot[1], "accuracy": 12}
    return {"geolocation": place, "permissions": ["geolocation"]}


def reported_before(page: Page, spot: tuple[float, float], **changes: str) -> int:
    """Somebody else's report, a few metres away; the ticket's number."""
    fields: dict[str, Any] = {
        "submission": str(uuid.uuid4()),
        "secret": uuid.uuid4().hex + "A" * 11,
        "lat": str(spot[0] + 0.0001),
        "lon": str(spot[1]),
        "category": "papierkorb",
        "description": "Voll.",
    }
    answer = page.request.post("/melden", multipart=fields | changes, headers=JSON)
    assert answer.status == 201, answer.text()
    return int(answer.json()["number"])


def walk_to_the_category(page: Page) -> None:
    page.goto("/melden")
    take_photo(page)
    confirm_place(page)


def choose(page: Page, words: str = "Papierkorb") -> None:
    page.locator("#category-search").fill(words)
    page.locator(f"#category-hints button:has-text('{words}')").first.click()


def people(page: Page, number: int) -> str:
    page.goto(f"/vorgang/{number}")
    words = page.locator("main p.affected")
    return words.inner_text() if words.count() else ""


def test_two_taps_join_what_is_reported_already(open_page: Open, spot: tuple[float, float]) -> None:
    phone = open_page(PHONE, **standing_at(spot))
    number = reported_before(phone, spot)
    walk_to_the_category(phone)
    choose(phone)
    expect(phone.get_by_role("heading", name="Schon gemeldet?")).to_be_focused()
    card = phone.locator(".nearby-card")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("etwa 10 m entfernt · heute gemeldet")
    expect(card).to_contain_text("Eingegangen")
    phone.get_by_role("button", name=THIS).click()
    expect(phone.get_by_role("heading", name="Noch etwas?")).to_be_visible()
    assert send(phone) == number
    assert people(phone, number) == "2 Personen betroffen"


def test_something_else_is_a_report_of_its_own(open_page: Open, spot: tuple[float, float]) -> None:
    phone = open_page(PHONE, **standing_at(spot))
    number = reported_before(phone, spot)
    walk_to_the_category(phone)
    choose(phone)
    phone.get_by_role("button", name=THIS).click()
    phone.get_by_role("button", name="Zurück").click()
    expect(phone.get_by_role("button", name=THIS)).to_have_attribute("aria-pressed", "true")
    phone.get_by_role("button", name=OTHER).click()
    assert send(phone) != number
    assert people(phone, number) == ""


def test_another_place_or_category_asks_anew(open_page: Open, spot: tuple[float, float]) -> None:
    phone = open_page(PHONE, **standing_at(spot))
    number = reported_before(phone, spot)
    walk_to_the_category(phone)
    choose(phone)
    phone.get_by_role("button", name=THIS).click()
    for _ in range(2):
        phone.get_by_role("button", name="Zurück").click()
    expect(phone.get_by_role("heading", name="Worum geht es?")).to_be_visible()
    choose(phone, "Schlagloch")
    expect(phone.get_by_role("heading", name="Worum geht es?")).to_be_hidden()
    expect(phone.locator("#h-nearby")).to_be_hidden()
    assert phone.locator("input[name=joins]").input_value() == ""
    assert number


def test_nobody_waits_for_a_hint_without_a_network(open_page: Open, spot: tuple[float, float]) -> None:
    phone = open_page(PHONE, **standing_at(spot), service_workers="block")
    reported_before(phone, spot)
    walk_to_the_category(phone)
    phone.route("**/api/v1/duplicates*", lambda route: route.abort())
    choose(phone)
    expect(phone.get_by_role("heading", name="Worum geht es?")).to_be_hidden(timeout=3000)
    expect(phone.locator("#h-nearby")).to_be_hidden()


def test_a_slow_hint_is_left_behind(open_page: Open, spot: tuple[float, float]) -> None:
    phone = open_page(PHONE, **standing_at(spot), service_workers="block")
    reported_before(phone, spot)
    walk_to_the_category(phone)
    phone.route("**/api/v1/duplicates*", lambda route: None)  # never answered
    choose(phone)
    expect(phone.get_by_role("heading", name="Worum geht es?")).to_be_hidden(timeout=4000)
    expect(phone.locator("#h-nearby")).to_be_hidden()


def test_the_button_on_the_ticket_counts_a_device_once(open_page: Open, spot: tuple[float, float]) -> None:
    phone = open_page(PHONE)
    number = reported_before(phone, spot)
    phone.goto(f"/vorgang/{number}")
    phone.get_by_role("button", name="Betrifft mich auch").click()
    phone.wait_for_url("**/meine/*")
    own = phone.url
    assert people(phone, number) == "2 Personen betroffen"
    expect(phone.get_by_role("button", name="Betrifft mich auch")).to_be_hidden()
    expect(phone.get_by_role("link", name="Zu Ihrer Seite")).to_have_attribute(
        "href", re.sub(r"^.*?(/meine/)", r"\1", own)
    )
    phone.evaluate("() => localStorage.removeItem('own-reports')")
    phone.reload()
    phone.get_by_role("button", name="Betrifft mich auch").click()
    phone.wait_for_url(own)
    assert people(phone, number) == "2 Personen betroffen"


def test_without_scripts_the_button_and_the_form_join_too(open_page: Open, spot: tuple[float, float]) -> None:
    plain = open_page(PHONE, java_script_enabled=False)
    number = reported_before(plain, spot)
    plain.goto(f"/vorgang/{number}")
    plain.get_by_role("button", name="Betrifft mich auch").click()
    expect(plain.get_by_role("heading", name="Angekommen.")).to_be_visible()
    plain.goto("/melden")
    plain.locator("summary", has_text="Müll und Sauberkeit").click()
    plain.get_by_label("Papierkorb voll oder beschädigt").check()
    plain.locator("summary", has_text="Koordinaten eingeben").click()
    plain.get_by_label("Breite").fill(str(spot[0]))
    plain.get_by_label("Länge").fill(str(spot[1]))
    plain.get_by_role("button", name="Weiter").click()
    expect(plain.get_by_role("heading", name="Schon gemeldet?")).to_be_visible()
    expect(plain.get_by_label(OTHER)).to_be_checked()
    plain.get_by_label(THIS).check()
    plain.get_by_role("button", name="Meldung senden").click()
    expect(plain.get_by_role("heading", name="Angekommen.")).to_be_visible()
    assert people(plain, number) == "3 Personen betroffen"


@pytest.mark.parametrize("city", ["spatialite"], indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hints_and_button_are_for_everyone(open_page: Open, spot: tuple[float, float], scheme: str) -> None:
    phone = open_page(PHONE, **standing_at(spot), color_scheme=scheme)
    number = reported_before(phone, spot)
    reported_before(phone, spot, category="muell_wild", description="Ein Sofa.")
    walk_to_the_category(phone)
    choose(phone)
    expect(phone.get_by_role("heading", name="Schon gemeldet?")).to_be_focused()
    expect(phone.locator(".nearby-card")).to_have_count(2)
    look_at(phone)
    phone.goto(f"/vorgang/{number}")
    look_at(phone)
    answer = phone.request.post(f"/vorgang/{number}/betrifft", form={"email": "falsch"})
    assert answer.status == 422
