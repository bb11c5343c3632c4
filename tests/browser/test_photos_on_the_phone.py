"""What becomes of a photo before it leaves the phone: small, upright, without what it knew about its owner."""

import base64
import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, City, Open
from tests.browser.cutting_proxy import CuttingProxy
from tests.browser.kept_reports import open_ready
from tests.browser.phone import save_data, slow_line
from tests.browser.reporting import (
    AT_THE_TOWN_HALL,
    SEND,
    choose,
    confirm_place,
    go_to_the_last_step,
    send,
    take_photo,
    wait_for_upload,
)
from tests.reports import IMAGES, POTHOLE

pytestmark = pytest.mark.parametrize("city", ["spatialite"], indirect=True)

LONG_EDGE, LONG_EDGE_SAVING_DATA, MOST_BYTES = 2048, 1280, 600_000
GPS_BLOCK = 0x8825
MUCH = 12  # of 255, mean difference of two pictures that show the same
READ_KEPT = """async () => {
  const db = await new Promise((done) => {
    const request = indexedDB.open('maengelmelder');
    request.onsuccess = () => done(request.result);
  });
  const photos = await new Promise((done) => {
    const request = db.transaction('photos').objectStore('photos').getAll();
    request.onsuccess = () => done(request.result);
  });
  db.close();
  return Promise.all(photos.map(({blob}) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(',')[1]);
    reader.readAsDataURL(blob);
  })));
}"""


def kept_photo(page: Page) -> bytes:
    """The only photo of the report, as this phone will send it."""
    wait_for_upload(page)
    page.wait_for_timeout(200)
    [photo] = page.evaluate(READ_KEPT)
    return base64.b64decode(photo)


def big_photo(path: Path, *, place: tuple[float, float] | None = None, endian: str = "<") -> Path:
    """Twelve megapixels as a camera writes them, lying on their side, with the camera's name and perhaps a place."""
    picture = Image.effect_noise((500, 375), 60).resize((4000, 3000), Image.Resampling.BICUBIC).convert("RGB")
    exif = Image.Exif()
    exif.endian = endian
    exif[0x010F], exif[0x0112] = "Kamerahersteller", 6
    if place:
        lat, lon = ((int(value), int(value * 60 % 60), round(value * 3600 % 60, 4)) for value in place)
        exif.get_ifd(GPS_BLOCK).update({1: "N", 2: lat, 3: "E", 4: lon})
    picture.save(path, "JPEG", quality=95, exif=exif)
    return path


@pytest.mark.parametrize("name", ["Portrait_6.jpg", "Landscape_8.jpg", "bath_pothole.jpg", "Portrait_7.jpg"])
def test_a_photo_stays_upright_and_loses_its_metadata(city: City, open_page: Open, name: str) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    page.goto("/melden")
    take_photo(page, IMAGES / name)
    data = kept_photo(page)
    with Image.open(BytesIO(data)) as sent, Image.open(IMAGES / name) as original:
        upright = ImageOps.exif_transpose(original).convert("RGB")
        assert sent.format == "JPEG"
        assert not sent.getexif()
        assert not {"exif", "xmp", "photoshop"} & set(sent.info)
        assert sent.size == upright.size
        assert max(ImageStat.Stat(ImageChops.difference(sent.convert("RGB"), upright)).mean) < MUCH
    assert len(data) <= (IMAGES / name).stat().st_size


def test_twelve_megapixels_become_six_hundred_kilobytes(city: City, open_page: Open, tmp_path: Path) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    page.goto("/melden")
    take_photo(page, big_photo(tmp_path / "gross.jpg", place=(48.5369, 12.1522)))
    data = kept_photo(page)
    with Image.open(BytesIO(data)) as sent:
        assert sent.size == (LONG_EDGE * 3 // 4, LONG_EDGE)
    assert len(data) <= MOST_BYTES
    assert b"Kamerahersteller" not in data


def test_who_saves_data_sends_less(city: City, open_page: Open, tmp_path: Path) -> None:
    page = save_data(open_page(PHONE, **AT_THE_TOWN_HALL))
    page.goto("/melden")
    take_photo(page, big_photo(tmp_path / "gross.jpg"))
    with Image.open(BytesIO(kept_photo(page))) as sent:
        assert max(sent.size) == LONG_EDGE_SAVING_DATA


def test_a_photo_that_the_browser_cannot_read_is_sent_as_it_is(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    page.goto("/melden")
    take_photo(page, IMAGES / "zPug_3.heic")
    assert kept_photo(page) == (IMAGES / "zPug_3.heic").read_bytes()
    page.get_by_role("button", name="Zurück").click()
    expect(page.locator(".previews")).to_contain_text("Vorschau nicht möglich, wird trotzdem gesendet")


@pytest.mark.parametrize("endian", ["<", ">"], ids=["Intel", "Motorola"])
def test_where_the_phone_is_silent_the_photo_may_speak(
    city: City, open_page: Open, tmp_path: Path, endian: str
) -> None:
    page = open_page(PHONE)
    page.goto("/melden")
    take_photo(page, big_photo(tmp_path / "ort.jpg", place=(48.5369, 12.1522), endian=endian))
    page.get_by_role("button", name="Ort aus dem Foto übernehmen").click()
    expect(page.locator("#place-words")).to_contain_text("Gewählter Ort")
    assert float(page.locator("[name=lat]").input_value()) == pytest.approx(48.5369, abs=1e-4)
    assert float(page.locator("[name=lon]").input_value()) == pytest.approx(12.1522, abs=1e-4)
    page.get_by_role("button", name="Ort bestätigen").click()
    expect(page.get_by_role("heading", name="Worum geht es?")).to_be_visible()


def test_a_photo_that_is_taken_back_is_forgotten_by_the_city(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    page.goto("/melden")
    take_photo(page)
    wait_for_upload(page)
    about = {name: page.locator(f"[name={name}]").input_value() for name in ("submission", "secret")}
    question = {
        "submission": about["submission"],
        "secret_hash": hashlib.sha256(about["secret"].encode()).hexdigest(),
        "index": "0",
        "size": str(len(kept_photo(page))),
    }
    headers = {"Accept": "application/json", "Origin": city.url}
    assert page.request.post("/melden/foto", multipart={**question}, headers=headers).json()["complete"]
    page.get_by_role("button", name="Zurück").click()
    with page.expect_response("**/melden/foto"):
        page.get_by_role("button", name="Foto 1 entfernen").click()
    answer = page.request.post("/melden/foto", multipart={**question}, headers=headers).json()
    assert answer == {"offset": 0, "complete": False}


def test_a_report_that_is_sent_early_waits_for_its_photo_and_says_so(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL, service_workers="block")
    page.goto("/melden", wait_until="networkidle")
    take_photo(page)
    confirm_place(page)
    choose(page, "Schlagloch oder Fahrbahnschaden")
    page.locator("#add-photo").wait_for()
    slow_line(page, down_kbit=1600, up_kbit=600, round_trip_ms=100)
    page.set_input_files("#f-gallery", IMAGES / "Landscape_1.jpg")
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("button", name="Wird gesendet …")).to_be_visible()
    expect(page.locator(".previews li").last).to_contain_text("Wird hochgeladen …")
    page.wait_for_url("**/meine/*", timeout=30_000)
    expect(page.locator(".photos li, .photo-waiting, .placeholder").first).to_be_visible()


@pytest.mark.parametrize("percent", [10, 50, 99])
def test_a_photo_whose_line_breaks_goes_on_where_it_was(
    city: City, open_page: Open, network: CuttingProxy, percent: int
) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL, base_url=network.url)
    network.cut(percent, path="/melden/foto")
    go_to_the_last_step(page)
    wait_for_upload(page)
    assert network.suffered == ["POST /melden/foto"]
    send(page)


def test_photos_are_added_and_removed_on_the_last_page(city: City, open_page: Open) -> None:
    page = open_page(PHONE, **AT_THE_TOWN_HALL)
    open_ready(page)
    go_to_the_last_step(page)
    with page.expect_file_chooser() as opened:
        page.get_by_role("button", name="Foto hinzufügen").click()
    opened.value.set_files([IMAGES / "Landscape_1.jpg", POTHOLE])
    wait_for_upload(page, photos=3)
    page.get_by_role("button", name="Foto 2 entfernen").click()
    expect(page.locator(".previews li")).to_have_count(2)
    expect(page.get_by_role("button", name="Foto 1 entfernen")).to_be_focused()
    send(page)


def test_without_https_the_photo_travels_with_the_form(city: City, open_page: Open) -> None:
    page = open_page(PHONE, service_workers="block")
    page.add_init_script(
        """Object.defineProperty(window, 'isSecureContext', {value: false});
        Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined});
        delete Crypto.prototype.randomUUID;"""
    )
    page.goto("/melden")
    take_photo(page)
    page.locator("#f-address").fill("Altstadt 12")
    page.get_by_role("button", name="Ort bestätigen").click()
    choose(page, "Schlagloch oder Fahrbahnschaden")
    page.locator(".previews img").wait_for()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name=SEND).click()
    assert sent.value.url.endswith("/melden")
    page.wait_for_url("**/meine/*")
    expect(page.locator("main")).to_contain_text("Foto")
