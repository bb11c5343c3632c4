"""Saying where it is by typing: suggestions, a map that follows, the neighbour named before anything is filled in."""

import pytest
from playwright.sync_api import Page, expect

from maengelmelder.settings import ROOT
from tests.browser.conftest import DESKTOP, PHONE, City, Open
from tests.gazetteer import OSM

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
NEXT_DOOR = {"geolocation": {"latitude": 48.5708, "longitude": 12.1930, "accuracy": 20}, "permissions": ["geolocation"]}


@pytest.fixture
def known(city: City) -> City:
    """The city, knowing its (invented) streets."""
    city.run("import-addresses", str(OSM))
    return city


def go_to_the_place(page: Page) -> None:
    page.goto("/melden")
    page.get_by_role("button", name="Ohne Foto weiter").click()
    expect(page.get_by_role("heading", name="Wo ist es?")).to_be_visible()


def position(page: Page) -> tuple[float, float]:
    return tuple(float(page.locator(f"[name={name}]").input_value()) for name in ("lon", "lat"))  # type: ignore[return-value]


def test_an_address_is_chosen_by_keyboard_and_the_map_goes_there(known: City, open_page: Open) -> None:
    page = open_page(DESKTOP)
    go_to_the_place(page)
    field = page.get_by_role("combobox", name="Oder Adresse eingeben")
    field.fill("erfundne gasse 1")
    options = page.get_by_role("option")
    expect(options.first).to_have_text("Erfundene Gasse 12, 84028 Landshut")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.evaluate(AXE)
    assert page.evaluate("axe.run('.step:not([hidden])').then(found => found.violations.map(v => v.id))") == []
    expect(field).to_have_attribute("aria-activedescendant", "address-option-0")
    field.press("Enter")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("Erfundene Gasse 12, 84028 Landshut")
    assert position(page) == pytest.approx((12.1522, 48.5369))
    expect(page.locator("#place-words")).to_have_text("Gewählter Ort: bei Erfundene Gasse 12")
    page.get_by_role("button", name="Ort bestätigen").click()
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_visible()


def test_an_address_is_chosen_by_touch_and_escape_closes_the_list(known: City, open_page: Open) -> None:
    page = open_page(PHONE)
    go_to_the_place(page)
    field = page.get_by_role("combobox", name="Oder Adresse eingeben")
    field.fill("groesse str")
    expect(page.get_by_role("option").first).to_be_in_viewport(ratio=1)
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.fill("groesse str 7")
    page.get_by_role("option", name="Doktor-Größe-Straße 7, 84034 Landshut").tap()
    expect(page.locator("#place-words")).to_have_text("Gewählter Ort: bei Doktor-Größe-Straße 7")
    assert position(page) == pytest.approx((12.1602, 48.5402))


def test_moving_the_map_says_which_house_is_near(known: City, open_page: Open) -> None:
    page = open_page(DESKTOP)
    go_to_the_place(page)
    page.get_by_role("combobox", name="Oder Adresse eingeben").fill("Erfundene Gasse 12")
    page.get_by_role("option").first.click()
    words = page.locator("#place-words")
    expect(words).to_have_text("Gewählter Ort: bei Erfundene Gasse 12")
    page.locator("#f-place").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(350)
    expect(words).not_to_have_text("Gewählter Ort: bei Erfundene Gasse 12")
    expect(words).to_contain_text("Gewählter Ort: ")


def test_who_stands_next_door_learns_it_before_filling_anything_in(known: City, open_page: Open) -> None:
    page = open_page(PHONE, **NEXT_DOOR)
    go_to_the_place(page)
    expect(page.locator("#place-words")).to_contain_text("Dieser Ort liegt in Ergolding, nicht in Landshut.")
    expect(page.locator("#place-words")).to_contain_text("den Markt Ergolding")


def test_without_scripts_a_typed_address_becomes_a_pin(known: City, open_page: Open) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    page.goto("/melden/schlagloch")
    assert page.get_by_role("listbox").count() == 0
    page.get_by_label("Oder Adresse eingeben").fill("Erfundene Gasse 12")
    page.get_by_label("Beschreibung").fill("Ein tiefes Loch.")
    page.get_by_role("button", name="Meldung senden").click()
    expect(page.get_by_role("heading", name="Angekommen.")).to_be_visible()
    features = page.request.get("/api/v1/tickets").json()["features"]
    assert [12.1522, 48.5369] in [feature["geometry"]["coordinates"] for feature in features]


def test_the_map_names_where_the_addresses_came_from(known: City, open_page: Open) -> None:
    page = open_page(DESKTOP)
    page.goto("/")
    expect(page.locator(".map-sources")).to_contain_text("© OpenStreetMap")
