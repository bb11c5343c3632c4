"""A photo travels while its report is still being written: in pieces, twice, out of step, and arrives whole once."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.photos import stored_name
from maengelmelder.house import house
from maengelmelder.store.models import Photo, Report, Ticket, Upload, UploadPart
from maengelmelder.worker.tidy import tidy_up
from tests.conftest import Clock
from tests.reports import secret_hash
from tests.web.public.forms import new_report, rows, send_json, stored_files
from tests.web.public.uploads import PHOTO, PIECE, ask, kept_bytes, new_slot, photo_of, send_piece, send_whole, tell


def test_a_photo_in_pieces_arrives_whole(app: Flask, client: FlaskClient, session: Session) -> None:
    slot = new_slot()
    assert ask(client, slot) == {"offset": 0, "complete": False}
    assert send_piece(client, slot, PHOTO, 0, PIECE).get_json() == {"offset": PIECE, "complete": False}
    assert ask(client, slot) == {"offset": PIECE, "complete": False}
    last = send_piece(client, slot, PHOTO, PIECE, name="IMG 1.jpg")
    assert last.status_code == 201
    key = last.get_json()["key"]
    assert last.get_json() == {"offset": len(PHOTO), "complete": True, "key": key}
    assert ask(client, slot) == last.get_json()
    assert kept_bytes(app, session) == [PHOTO]
    upload = session.scalars(select(Upload)).one()
    assert (upload.key, upload.name, upload.size, upload.width) == (key, "IMG 1.jpg", len(PHOTO), 1296)


def test_a_report_takes_its_photos_in_the_order_that_the_person_chose(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    report = new_report()
    photos = [photo_of(3000) for _ in range(3)]
    slot = {"submission": report["submission"], "secret": report["secret"]}
    keys = [send_whole(client, slot | {"index": str(index)}, photos[index], 1000) for index in (2, 0, 1)]
    assert send_json(client, report | {"uploads": [keys[1], keys[2], keys[0]]}).status_code == 201
    assert rows(session, (Ticket, Photo, Upload)) == [1, 3, 0]
    kept = [
        house(app).photos.get(stored_name(key, "original"))
        for key in session.scalars(select(Photo.key).order_by(Photo.id))
    ]
    assert kept == photos


def test_the_secret_and_its_hash_open_the_same_photo(client: FlaskClient) -> None:
    report = new_report()
    slot = {"submission": report["submission"], "secret": report["secret"], "index": "0"}
    send_piece(client, slot, PHOTO, 0, PIECE)
    hashed = new_slot(submission=report["submission"].upper(), secret_hash=secret_hash(report["secret"]))
    assert ask(client, hashed)["offset"] == PIECE


def test_a_piece_that_comes_twice_counts_once(app: Flask, client: FlaskClient, session: Session) -> None:
    slot = new_slot()
    for _ in range(2):
        answer = send_piece(client, slot, PHOTO, 0, PIECE)
        assert (answer.status_code, answer.get_json()["offset"]) == (200, PIECE)
    first, second = (send_piece(client, slot, PHOTO, PIECE) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    assert send_piece(client, slot, PHOTO, 0, PIECE).get_json() == first.get_json(), "a straggler"
    assert kept_bytes(app, session) == [PHOTO]


def test_a_piece_too_early_is_told_where_to_go_on(client: FlaskClient, session: Session) -> None:
    slot = new_slot()
    send_piece(client, slot, PHOTO, 0, PIECE)
    answer = send_piece(client, slot, PHOTO, 2 * PIECE, PIECE)
    assert answer.status_code == 409
    assert answer.get_json()["offset"] == PIECE
    assert set(answer.get_json()["error"]) == {"code", "message", "fields"}
    assert rows(session, (UploadPart,)) == [1]


def test_pieces_that_overlap_count_for_what_is_new(app: Flask, client: FlaskClient, session: Session) -> None:
    slot = new_slot()
    send_piece(client, slot, PHOTO, 0, PIECE)
    send_piece(client, slot, PHOTO, PIECE, PIECE)
    answer = send_piece(client, slot, PHOTO, PIECE // 2, 2 * PIECE)
    assert answer.get_json()["offset"] == PIECE // 2 + 2 * PIECE
    assert send_piece(client, slot, PHOTO, 0).status_code == 201
    assert kept_bytes(app, session) == [PHOTO]


@pytest.mark.parametrize("other", [photo_of(4000), photo_of(5000)])
@pytest.mark.parametrize("sent", [1000, 4000])
def test_another_photo_in_the_same_place_takes_it_over(
    app: Flask, client: FlaskClient, session: Session, other: bytes, sent: int
) -> None:
    slot, first = new_slot(), photo_of(4000)
    send_piece(client, slot, first, 0, sent)
    send_whole(client, slot, other, 1500)
    assert kept_bytes(app, session) == [other]


def test_the_rest_of_another_photo_is_sent_back_to_its_beginning(client: FlaskClient) -> None:
    slot, one, other = new_slot(), photo_of(4000), photo_of(4000)
    send_piece(client, slot, one, 0, 2000)
    answer = send_piece(client, slot, other, 1000, 2000)
    assert (answer.status_code, answer.get_json()["offset"]) == (409, 0)
    assert ask(client, slot, one)["offset"] == 2000


def test_a_whole_photo_stays_usable_until_the_other_is_whole(client: FlaskClient) -> None:
    slot, first, other = new_slot(), photo_of(4000), photo_of(5000)
    key = send_whole(client, slot, first)
    send_piece(client, slot, other, 0, 1000)
    assert ask(client, slot, first)["key"] == key
    assert ask(client, slot, other)["offset"] == 1000


def test_cancelling_erases_one_photo_or_all(app: Flask, client: FlaskClient, session: Session) -> None:
    slot = new_slot()
    for index in "012":
        send_whole(client, slot | {"index": index}, photo_of(3000))
    send_piece(client, slot | {"index": "1"}, photo_of(2000), 0, 500)
    assert tell(client, slot | {"cancel": "1", "index": "1"}).get_json() == {"offset": 0, "complete": False}
    assert rows(session, (Upload, UploadPart)) == [2, 0]
    everything = {name: value for name, value in slot.items() if name != "index"}
    assert tell(client, everything | {"cancel": "1"}).status_code == 200
    assert rows(session, (Upload, UploadPart)) == [0, 0]
    assert stored_files(house(app).settings.photos) == []
    assert tell(client, everything | {"cancel": "1"}).status_code == 200, "nothing to cancel is no fault"


def test_a_report_erases_what_its_sender_left_out(app: Flask, client: FlaskClient, session: Session) -> None:
    report = new_report()
    slot = {"submission": report["submission"], "secret": report["secret"]}
    key = send_whole(client, slot | {"index": "0"}, photo_of(3000))
    send_whole(client, slot | {"index": "1"}, photo_of(3000))
    send_piece(client, slot | {"index": "2"}, photo_of(3000), 0, 1000)
    assert send_json(client, report | {"uploads": key}).status_code == 201
    assert rows(session, (Photo, Upload, UploadPart)) == [1, 0, 0]
    assert [path.name for path in stored_files(house(app).settings.photos)] == [stored_name(key, "original")]


class TestStrangers:
    def test_learn_nothing_and_change_nothing(self, app: Flask, client: FlaskClient, session: Session) -> None:
        slot = new_slot()
        send_piece(client, slot, PHOTO, 0, PIECE)
        stranger = new_slot(submission=slot["submission"])
        for answer in (send_piece(client, stranger, PHOTO), tell(client, stranger | {"size": str(len(PHOTO))})):
            assert answer.status_code == 409
            assert answer.get_json()["error"]["code"] == "submission_taken"
            assert "offset" not in answer.get_json()
        tell(client, stranger | {"cancel": "1"})
        send_piece(client, slot, PHOTO, PIECE)
        assert kept_bytes(app, session) == [PHOTO]

    def test_cannot_add_to_a_report_of_somebody_else(self, app: Flask, client: FlaskClient, session: Session) -> None:
        report = new_report()
        send_json(client, report)
        answer = send_piece(client, new_slot(submission=report["submission"]), PHOTO)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "submission_taken")
        assert stored_files(house(app).settings.photos) == []

    def test_from_another_site_are_refused(self, client: FlaskClient, session: Session) -> None:
        answer = tell(client, new_slot(), Origin="https://evil.example", **{"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert answer.get_json()["error"]["code"] == "http_403"


class TestAfterTheReport:
    def test_a_late_question_about_its_photo_is_answered(self, client: FlaskClient, session: Session) -> None:
        report = new_report()
        slot = {"submission": report["submission"], "secret": report["secret"], "index": "0"}
        key = send_whole(client, slot)
        send_json(client, report | {"uploads": key})
        assert ask(client, slot) == {"offset": len(PHOTO), "complete": True, "key": key}
        assert send_piece(client, slot, PHOTO, 0, PIECE).get_json()["key"] == key
        assert rows(session, (Photo, Upload, UploadPart)) == [1, 0, 0]

    def test_no_photo_enters_any_more(self, app: Flask, client: FlaskClient, session: Session) -> None:
        report = new_report()
        send_json(client, report)
        slot = {"submission": report["submission"], "secret": report["secret"], "index": "0"}
        answer = send_piece(client, slot, PHOTO)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "submission_taken")
        assert rows(session, (Report, Photo, Upload, UploadPart)) == [1, 0, 0, 0]
        assert stored_files(house(app).settings.photos) == []


class TestAfterADay:
    def test_what_nobody_sent_is_erased(self, app: Flask, client: FlaskClient, session: Session, clock: Clock) -> None:
        send_whole(client, new_slot(), photo_of(3000))
        send_piece(client, new_slot(), photo_of(3000), 0, 1000)
        clock.pass_(hours=23)
        tidy_up()
        assert rows(session, (Upload, UploadPart)) == [1, 1]
        assert len(stored_files(house(app).settings.photos)) == 2
        clock.pass_(hours=2)
        tidy_up()
        assert rows(session, (Upload, UploadPart)) == [0, 0]
        assert stored_files(house(app).settings.photos) == []

    def test_the_day_begins_with_the_first_byte(self, client: FlaskClient, session: Session, clock: Clock) -> None:
        slot, data, begun = new_slot(), photo_of(3000), clock()
        send_piece(client, slot, data, 0, 1000)
        clock.pass_(hours=5)
        send_piece(client, slot, data, 1000, 1000)
        assert set(session.scalars(select(UploadPart.begun_at))) == {begun}
        clock.pass_(hours=5)
        send_piece(client, slot, data, 2000)
        session.rollback()
        assert session.scalars(select(Upload.created_at)).one() == begun

    def test_a_piece_without_a_row_is_erased(self, app: Flask, session: Session, clock: Clock) -> None:
        house(app).photos.put(stored_name("k" * 32, "piece"), b"x")
        clock.now = datetime.now(UTC)
        tidy_up()
        assert len(stored_files(house(app).settings.photos)) == 1
        clock.pass_(hours=25)
        tidy_up()
        assert stored_files(house(app).settings.photos) == []


def test_bytes_that_the_store_has_lost_are_sent_again(app: Flask, client: FlaskClient, session: Session) -> None:
    slot = new_slot()
    send_piece(client, slot, PHOTO, 0, PIECE)
    stored_files(house(app).settings.photos)[0].unlink()
    answer = send_piece(client, slot, PHOTO, PIECE)
    assert (answer.status_code, answer.get_json()["offset"]) == (409, 0)
    assert ask(client, slot)["offset"] == 0
    send_whole(client, slot)
    assert kept_bytes(app, session) == [PHOTO]
