"""However a photo is cut, repeated and overtaken, and however many connections carry it: one photo, byte by byte."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.store.models import Photo, Report, Upload, UploadPart
from tests.web.public.forms import new_report, rows, send_json
from tests.web.public.uploads import PHOTO, PIECE, Phone, kept_bytes, new_slot, photo_of, send_piece, tell

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SIZE = 2500
OFFSETS = st.integers(min_value=0, max_value=SIZE - 1)
SENT = st.lists(st.tuples(OFFSETS, st.integers(min_value=1, max_value=SIZE)), max_size=12)
CUTS = st.lists(OFFSETS, max_size=8, unique=True).map(sorted)


@QUICK
@given(cuts=CUTS, astray=SENT)
def test_any_cutting_and_any_order_end_in_exactly_the_photo(
    app: Flask, client: FlaskClient, session: Session, cuts: list[int], astray: list[tuple[int, int]]
) -> None:
    slot, data, have = new_slot(), photo_of(SIZE), 0
    straight = [(start, end - start) for start, end in pairwise([0, *(cut for cut in cuts if cut), SIZE])]
    for start, wanted in [*astray, *straight]:
        length = min(wanted, SIZE - start)
        answer = send_piece(client, slot, data, start, length)
        assert answer.status_code in ((409,) if start > have else (200, 201))
        have = have if start > have else max(have, start + length)
        assert answer.get_json()["offset"] == have
    assert answer.get_json()["complete"]
    assert kept_bytes(app, session) == [data]
    tell(client, slot | {"cancel": "1"})
    assert kept_bytes(app, session) == []


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def send_together(phones: list[Phone]) -> set[str]:
    """All at the same moment; the keys they got."""
    with ThreadPoolExecutor(len(phones)) as pool:
        return set(pool.map(Phone.send, phones))


@pytest.mark.parametrize(
    "lengths",
    [[PIECE] * 8, [len(PHOTO)] * 8, [20_000, 30_000, 50_000, 70_000, len(PHOTO), len(PHOTO)]],
    ids=["pieces", "whole", "mixed"],
)
def test_connections_with_the_same_photo_end_in_one(
    app: Flask, port: int, session: Session, lengths: list[int]
) -> None:
    slot = new_slot()
    phones = [Phone(url(port), slot, PHOTO, length) for length in lengths]
    keys = send_together(phones)
    statuses = [status for phone in phones for status in phone.statuses]
    assert set(statuses) <= {200, 201, 409}
    assert statuses.count(201) == 1
    assert kept_bytes(app, session) == [PHOTO]
    assert keys == set(session.scalars(select(Upload.key)))


def test_three_photos_of_a_form_travel_side_by_side(app: Flask, port: int, session: Session) -> None:
    slot, photos = new_slot(), [photo_of(200_000) for _ in range(3)]
    phones = [Phone(url(port), slot | {"index": str(index)}, photos[index], PIECE) for index in range(3)]
    assert len(send_together(phones)) == 3
    assert kept_bytes(app, session) == photos


def test_a_photo_cancelled_on_its_way_leaves_nothing(
    app: Flask, port: int, client: FlaskClient, session: Session
) -> None:
    slot = new_slot()
    phone = Phone(url(port), slot, PHOTO, 10_000)

    def give_up() -> None:
        while len(phone.statuses) < 3:
            time.sleep(0.005)
        tell(client, slot | {"cancel": "1", "index": "0"})

    with ThreadPoolExecutor(1) as pool:
        given_up = pool.submit(give_up)
        phone.send()
        given_up.result()
    tell(client, slot | {"cancel": "1"})
    assert kept_bytes(app, session) == []


def test_a_report_and_its_last_photo_at_the_same_moment_agree(
    app: Flask, port: int, client: FlaskClient, session: Session
) -> None:
    """Either the photo is in the report, or it is erased; never does it lie around for nobody."""
    for _ in range(5):
        report = new_report()
        slot = {"submission": report["submission"], "secret": report["secret"], "index": "0"}
        send_piece(client, slot, PHOTO, 0, PIECE)
        with ThreadPoolExecutor(2) as pool:
            photo = pool.submit(Phone(url(port), slot, PHOTO, len(PHOTO)).tell, PIECE)
            assert send_json(client, report).status_code == 201
        assert photo.result().get("complete") or photo.result()["error"]["code"] == "submission_taken"
    assert kept_bytes(app, session) == []
    assert rows(session, (Report, Photo, Upload, UploadPart)) == [5, 0, 0, 0]
