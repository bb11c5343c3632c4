"""What a phone keeps and what the city has: the two sides that must never disagree for long."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import Engine, NullPool, create_engine, delete, func, select

from maengelmelder.settings import read_settings
from maengelmelder.store.engine import engine_options, watch
from maengelmelder.store.models import Category, Photo, Report, Ticket, TicketText, Upload
from tests.browser.conftest import City
from tests.reports import IMAGES, POTHOLE

THREE_PHOTOS = [POTHOLE, IMAGES / "Landscape_1.jpg", IMAGES / "Portrait_6.jpg"]
READ_DRAFTS = """async () => {
  const known = await indexedDB.databases();
  if (!known.some(({name}) => name === 'maengelmelder')) return [];
  const db = await new Promise((done, failed) => {
    const request = indexedDB.open('maengelmelder');
    request.onsuccess = () => done(request.result);
    request.onerror = failed;
  });
  const all = (store) => new Promise((done) => {
    const request = db.transaction(store).objectStore(store).getAll();
    request.onsuccess = () => done(request.result);
  });
  const drafts = await all('drafts');
  const photos = await all('photos');
  db.close();
  return drafts.map(({fields, photos: words, ...draft}) => ({...draft, fields: Object.fromEntries(fields),
    photos: photos.filter(({submission}) => submission === draft.submission).map(({blob}) => blob.size)}));
}"""
ABOUT_A_LAMP = {"category": "laterne", "answer-art": "aus", "lat": "48.5369", "lon": "12.1522"}


def words() -> str:
    """A description that no other report has."""
    return f"Laterne dunkel {uuid.uuid4().hex[:12]}"


def open_ready(page: Page, path: str = "/melden") -> None:
    """A first visit, until the phone could do without the network."""
    page.goto(path)
    page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")


def fill_in(page: Page, description: str, photos: list[Any] | None = None) -> None:
    """Everything up to the last step, as somebody without GPS does it."""
    if photos:
        page.set_input_files("#f-gallery", photos)
    else:
        page.get_by_role("button", name="Ohne Foto weiter").click()
    expect(page.get_by_role("heading", name="Wo ist es?")).to_be_visible()
    page.get_by_label("Oder Adresse eingeben").fill("Altstadt 12")
    page.get_by_role("button", name="Ort bestätigen").click()
    choose_lamp(page)
    page.get_by_label("Beschreibung").fill(description)


def choose_lamp(page: Page) -> None:
    """A category by its tile, and its question."""
    page.locator("details:has(input[value=laterne]) summary").click()
    page.locator("input[value=laterne]").check()
    last = page.get_by_role("heading", name="Noch etwas?")
    expect(last.or_(page.get_by_label("aus", exact=True)).first).to_be_visible()
    if not last.is_visible():
        page.get_by_label("aus", exact=True).check()
        page.get_by_role("button", name="Weiter").click()


def press_send(page: Page) -> None:
    page.get_by_role("button", name="Meldung senden").click()


def drafts(page: Page) -> list[dict[str, Any]]:
    """What this phone keeps."""
    found: list[dict[str, Any]] = page.evaluate(READ_DRAFTS)
    return found


def wait_for(what: Callable[[], object], seconds: float = 10) -> float:
    """Until it is true; how many seconds that took."""
    start = time.monotonic()
    while not what():
        assert time.monotonic() - start < seconds, f"not true within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - start


class Records:
    """A look into the city's database from outside."""

    def __init__(self, city: City) -> None:
        url = read_settings(city.environment).database_url
        self.engine: Engine = create_engine(url, poolclass=NullPool, **engine_options(url))
        watch(self.engine)

    def reports(self, description: str) -> int:
        """How many reports say this."""
        return self._count(select(func.count()).where(TicketText.body == description, TicketText.kind == "description"))

    def reports_of(self, submission: str) -> int:
        """How many reports bear this id; the database itself allows one."""
        return self._count(select(func.count()).where(Report.submission == submission))

    def photos(self, description: str) -> int:
        """How many photos came with it."""
        ticket = select(TicketText.ticket_id).where(TicketText.body == description)
        return self._count(select(func.count()).select_from(Photo).where(Photo.ticket_id.in_(ticket)))

    def category(self, description: str) -> str:
        """The category that its ticket has."""
        query = select(Category.key).join(Ticket).join(TicketText).where(TicketText.body == description)
        with self.engine.connect() as connection:
            return str(connection.execute(query).scalar_one())

    def forget_uploads(self) -> None:
        """What the worker does with photos whose report did not come within a day."""
        with self.engine.begin() as connection:
            connection.execute(delete(Upload))

    def _count(self, query: Any) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(query).scalar_one())


def keep_draft_of_version(page: Page, version: int, draft: dict[str, Any]) -> None:
    """Leave a draft on the phone as an earlier version of the site did; the photos are invented pixels."""
    page.evaluate(
        """async ([version, text]) => {
          const draft = JSON.parse(text);
          const canvas = document.createElement('canvas');
          canvas.width = canvas.height = 64;
          canvas.getContext('2d').fillRect(8, 8, 20, 20);
          const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg'));
          const file = new File([blob], 'foto.jpg', {type: 'image/jpeg'});
          draft.photos = draft.photos.map((photo) => (version === 1 ? file : {...photo, blob: file}));
          const request = indexedDB.open('maengelmelder', version);
          request.onupgradeneeded = () => request.result.createObjectStore('drafts', {keyPath: 'submission'});
          const db = await new Promise((done, failed) => {
            request.onsuccess = () => done(request.result);
            request.onerror = failed;
          });
          const transaction = db.transaction('drafts', 'readwrite');
          transaction.objectStore('drafts').put(draft);
          await new Promise((done) => { transaction.oncomplete = done; });
          db.close();
        }""",
        [version, json.dumps(draft)],
    )
