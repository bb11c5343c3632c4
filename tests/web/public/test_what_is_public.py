"""List, ticket page, photos and open data: what everybody may see, and nothing else."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from maengelmelder.database import db
from maengelmelder.domain.places import Place
from maengelmelder.domain.tickets import Status
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.handling.transfer import transfer
from maengelmelder.services.publishing.release import decide_photo, decide_text
from maengelmelder.store.models import Ticket
from tests.conftest import MONDAY
from tests.reports import IMAGES, POTHOLE, take_in

SECRET_WORDS = "Bei Familie Geheim vor der Tür."
MARKERS = (b"Exif", b"GPS", b"ICC_PROFILE", b"http://ns.adobe.com", b"Photoshop")


def release_words(session: Session, ticket: Ticket) -> None:
    for text in ticket.texts:
        decide_text(session, ticket, text.id, "release", version=ticket.version, actor="user:1", now=MONDAY)
    session.commit()


def release_photo(session: Session, ticket: Ticket, decision: str = "release") -> None:
    session.refresh(ticket)
    photo = ticket.photos[0]
    decide_photo(session, ticket, photo.id, decision, version=ticket.version, actor="user:1", now=MONDAY)
    session.commit()


def everything_public(client: FlaskClient, number: int) -> str:
    addresses = ("/", "/meldungen", f"/vorgang/{number}", "/api/v1/tickets", f"/meldungen?q={SECRET_WORDS[:12]}")
    return "".join(client.get(address).text for address in addresses)


def test_words_are_public_only_after_their_release(client: FlaskClient, session: Session) -> None:
    ticket = take_in(session, MONDAY, description=SECRET_WORDS, address="Geheimweg 7")
    page = client.get(f"/vorgang/{ticket.id}").text
    assert "Der Text wird geprüft" in page
    assert "Position auf der Karte" in page
    assert SECRET_WORDS not in everything_public(client, ticket.id)
    assert "Geheimweg" not in everything_public(client, ticket.id)
    release_words(session, ticket)
    page = client.get(f"/vorgang/{ticket.id}").text
    assert SECRET_WORDS in page
    assert "Geheimweg 7" in page
    assert f"/vorgang/{ticket.id}" in client.get("/meldungen?q=familie geheim").text


def test_choices_are_public_at_once_and_private_answers_never(client: FlaskClient, session: Session) -> None:
    answers = {"art": ["sperrmuell"], "verursacher": ["Der Nachbar war es."]}
    ticket = take_in(session, MONDAY, category="muell_wild", answers=answers)
    page = client.get(f"/vorgang/{ticket.id}").text
    assert "Sperrmüll" in page
    release_words_where_allowed(session, ticket)
    assert "Nachbar" not in client.get(f"/vorgang/{ticket.id}").text


def release_words_where_allowed(session: Session, ticket: Ticket) -> None:
    for text in ticket.texts:
        if text.releasable:
            decide_text(session, ticket, text.id, "release", version=ticket.version, actor="user:1", now=MONDAY)
    session.commit()


def test_a_photo_is_public_only_after_its_release_and_no_longer_after_its_withdrawal(
    client: FlaskClient, session: Session, work: Callable[[], int]
) -> None:
    ticket = take_in(session, MONDAY, photos=(POTHOLE,))
    work()
    session.refresh(ticket)
    address = f"/foto/{ticket.photos[0].key}/large"
    assert client.get(address).status_code == 404
    assert "Ein Foto wird geprüft." in client.get(f"/vorgang/{ticket.id}").text
    release_photo(session, ticket)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.mimetype == "image/jpeg"
    assert address in client.get(f"/vorgang/{ticket.id}").text
    release_photo(session, ticket, "withhold")
    assert client.get(address).status_code == 404


def test_an_original_is_never_served(client: FlaskClient, session: Session) -> None:
    ticket = take_in(session, MONDAY, photos=(POTHOLE,))
    for size in ("original", "large", "small", "../x", "large.original"):
        assert client.get(f"/foto/{ticket.photos[0].key}/{size}").status_code == 404


@pytest.mark.parametrize("name", ["L_exif_xmp_iptc.heic", "Landscape_6.jpg", "xiaomi.heic"])
def test_nothing_that_the_camera_wrote_into_a_photo_leaves_the_house(
    client: FlaskClient, session: Session, work: Callable[[], int], name: str
) -> None:
    ticket = take_in(session, MONDAY, photos=(IMAGES / name,))
    work()
    release_photo(session, ticket)
    for size in ("large", "small"):
        data = client.get(f"/foto/{ticket.photos[0].key}/{size}").data
        assert data.startswith(b"\xff\xd8\xff")
        assert not [marker for marker in MARKERS if marker in data]


PRIVATE: dict[str, dict[str, Any]] = {
    "a category that is never public": {"category": "gefahrstoff", "answers": {}, "emergency": "no_danger"},
    "held": {"held": True},
}


@pytest.mark.parametrize("why", PRIVATE)
def test_a_private_ticket_looks_like_none_at_all(
    client: FlaskClient, session: Session, work: Callable[[], int], why: str
) -> None:
    ticket = take_in(session, MONDAY, photos=(POTHOLE,), **PRIVATE[why])
    work()
    session.refresh(ticket)
    private, unknown = client.get(f"/vorgang/{ticket.id}"), client.get("/vorgang/999999999")
    assert private.status_code == unknown.status_code == 404
    assert private.text.replace(f"vorgang/{ticket.id}", "#") == unknown.text.replace("vorgang/999999999", "#")
    assert client.get("/api/v1/tickets").get_json()["features"] == []
    assert f"/vorgang/{ticket.id}" not in client.get("/").text + client.get("/meldungen").text
    assert f"/vorgang/{ticket.id}" not in client.get(f"/meldungen?q={ticket.id}").text
    assert client.get(f"/foto/{ticket.photos[0].key}/small").status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "abc", "1e3", "%00"])
def test_a_strange_number_is_no_ticket(client: FlaskClient, number: str) -> None:
    assert client.get(f"/vorgang/{number}").status_code == 404


def test_the_timeline_tells_the_public_part_of_the_story(client: FlaskClient, session: Session) -> None:
    ticket = take_in(session, MONDAY)
    transfer(session, ticket, "tba", version=1, note="Bitte übernehmen", actor="user:1", now=MONDAY)
    move(
        session,
        ticket,
        Wish(2, status=Status.FORWARDED, receiver="bahn", answer="Die Bahn macht das."),
        "user:1",
        MONDAY,
    )
    session.commit()
    page = client.get(f"/vorgang/{ticket.id}").text
    for words in (
        "Die Meldung ist angekommen.",
        "Jetzt zuständig: Tiefbauamt",
        "Weitergegeben an",
        "Die Bahn macht das.",
    ):
        assert words in page
    assert "Bitte übernehmen" not in page
    assert "user:1" not in page


def test_a_declined_ticket_says_why(client: FlaskClient, session: Session) -> None:
    ticket = take_in(session, MONDAY)
    move(session, ticket, Wish(1, status=Status.DECLINED, reason="private_ground"), "user:1", MONDAY)
    session.commit()
    assert "Das liegt auf Privatgrund." in client.get(f"/vorgang/{ticket.id}").text


def test_the_list_is_turned_page_by_page_without_losing_or_repeating_any(client: FlaskClient, session: Session) -> None:
    numbers = {take_in(session, MONDAY).id for _ in range(30)}
    seen: list[int] = []
    address: str | None = "/meldungen?status=new"
    while address:
        page = client.get(address).text
        seen += _numbers(page)
        address = _next(page)
    assert len(seen) == 30
    assert set(seen) == numbers
    assert seen == sorted(seen, reverse=True)


def _numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-number="(\d+)"', page)]


def _next(page: str) -> str | None:
    found = re.search(r'href="([^"]+)" rel="next"', page)
    return html.unescape(found[1]) if found else None


def test_filters_narrow_list_and_map_alike(client: FlaskClient, session: Session) -> None:
    lamp = take_in(session, MONDAY).id
    rubbish = take_in(session, MONDAY, category="muell_wild", answers={}).id
    done = take_in(session, MONDAY)
    move(session, done, Wish(1, status=Status.RESOLVED), "user:1", MONDAY)
    session.commit()
    for query, expected in {
        "": {lamp, rubbish, done.id},
        "category=laterne": {lamp, done.id},
        "category=laterne,muell_wild": {lamp, rubbish, done.id},
        "category=drache": set(),
        "group=sauber": {rubbish},
        "group=": {lamp, rubbish, done.id},
        "status=done": {done.id},
        "status=new&group=verkehr": {lamp},
        "status=received,resolved": {lamp, rubbish, done.id},
        f"q={rubbish}": {rubbish},
        "q=%25": set(),
        "q=_": set(),
        "since=2026-03-03": set(),
        "since=2026-03-01T00:00:00Z": {lamp, rubbish, done.id},
    }.items():
        assert set(_numbers(client.get(f"/meldungen?{query}").text)) == expected, query
        features = client.get(f"/api/v1/tickets?{query}").get_json()["features"]
        assert {feature["id"] for feature in features} == expected, query


@pytest.mark.parametrize("words", ["'", '"', "NEAR(", "\\", "a' OR 1=1--", "\x00", "🤦" * 300, "%" * 500])
def test_no_search_words_break_the_list(client: FlaskClient, words: str) -> None:
    assert client.get("/meldungen", query_string={"q": words}).status_code == 200


def test_the_map_gets_what_lies_in_its_rectangle(client: FlaskClient, session: Session) -> None:
    here = take_in(session, MONDAY, place=Place(12.15, 48.53)).id
    take_in(session, MONDAY, place=Place(12.18, 48.55))
    take_in(session, MONDAY, place=None, address="Altstadt 1")
    answer = client.get("/api/v1/tickets?bbox=12.14,48.52,12.16,48.54")
    assert answer.mimetype == "application/geo+json"
    (feature,) = answer.get_json()["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [12.15, 48.53]}
    properties = feature["properties"]
    assert properties.pop("at").startswith("2026-03-02T09:00:00")
    assert properties == {
        "number": here,
        "category": "laterne",
        "category_name": "Straßenlaterne defekt",
        "group": "verkehr",
        "status": "received",
        "status_group": "new",
        "url": f"http://localhost/vorgang/{here}",
    }


def test_open_data_comes_in_pages(client: FlaskClient, session: Session) -> None:
    numbers = [take_in(session, MONDAY).id for _ in range(5)]
    first = client.get("/api/v1/tickets?limit=3&status=new").get_json()
    assert [feature["id"] for feature in first["features"]] == numbers[:1:-1]
    second = client.get(first["next"].removeprefix("http://localhost")).get_json()
    assert [feature["id"] for feature in second["features"]] == numbers[1::-1]
    assert "next" not in second


@pytest.mark.parametrize(
    "query",
    [
        "bbox=nan,48,13,49",
        "bbox=12,48,inf,49",
        "bbox=13,48,12,49",
        "bbox=12,49,13,48",
        "bbox=12,48,13",
        "bbox=1,2,3,4,5",
        "bbox=" + "9" * 10_000 + ",1,2,3",
        "bbox=12,48,13,1e400",
        "bbox=-181,0,181,1",
        "bbox=a,b,c,d",
        "limit=-1",
        "limit=x",
        "limit=" + "9" * 400,
        "status=kaputt",
        "since=gestern",
        "since=0001-01-01T00:00:00%2B23:59",
        "before=x",
    ],
)
def test_nonsense_gets_a_helpful_400(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/tickets?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["fields"]
    assert client.get(f"/meldungen?{query}").status_code == 200
    assert client.get(f"/?{query}").status_code == 200


def test_the_whole_world_and_a_huge_limit_are_fine(client: FlaskClient, session: Session) -> None:
    take_in(session, MONDAY)
    answer = client.get("/api/v1/tickets?bbox=-180,-90,180,90&limit=99999")
    assert len(answer.get_json()["features"]) == 1


def test_the_catalogue_is_there_in_both_languages(client: FlaskClient) -> None:
    german = client.get("/api/v1/categories").get_json()
    english = client.get("/api/v1/categories", headers={"Accept-Language": "en"}).get_json()
    assert len(german["groups"]) == 9
    assert {c["key"] for c in german["categories"]} == {c["key"] for c in english["categories"]}
    lamp = {
        which["language"]: next(c for c in which["categories"] if c["key"] == "laterne") for which in (german, english)
    }
    assert lamp["de"]["name"] == "Straßenlaterne defekt"
    assert lamp["en"]["name"] != lamp["de"]["name"]
    assert lamp["de"]["questions"][0]["required"] is True
    assert lamp["de"]["emergency"]["only_if"] == {"art": ["mast_umgefahren_oder_kabel_offen"]}
    assert [contact["tel"] for contact in lamp["de"]["emergency"]["call"]] == ["112"]


def test_a_longer_list_costs_no_more_queries(client: FlaskClient, session: Session) -> None:
    counts = []
    for many in (2, 20):
        for _ in range(many):
            take_in(session, MONDAY, photos=(POTHOLE,))
        counts.append(_queries(client, "/"))
    assert counts[0] == counts[1]


def _queries(client: FlaskClient, address: str) -> int:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)


def test_published_texts_of_a_city_that_publishes_at_once_are_there(
    client: FlaskClient, session: Session, set_house: Callable[..., None]
) -> None:
    ticket = take_in(session, MONDAY, publish="immediate", description="Für alle.")
    assert "Für alle." in client.get(f"/vorgang/{ticket.id}").text
