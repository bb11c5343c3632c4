"""Photos on their way from an untrusted original to what may be shown."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.photos import stored_name
from maengelmelder.house import KEY, house
from maengelmelder.ports import PhotoUnreadable, PhotoWorkerFailed, Sizes
from maengelmelder.store.models import Photo
from maengelmelder.worker.make_sizes import make_due_sizes
from maengelmelder.worker.tidy import tidy_up
from tests.conftest import Clock
from tests.reports import IMAGES, POTHOLE, keep_original, take_in

Work = Callable[[], int]


class TiredDecoder:
    """Fails as if the machine had no memory left."""

    def make_sizes(self, original: bytes) -> Sizes:
        raise PhotoWorkerFailed("out of memory")


def the_photo(session: Session) -> Photo:
    session.rollback()
    return session.scalars(select(Photo)).one()


def names_in_store() -> set[str]:
    return {name for name, _ in house().photos.names()}


def test_a_photo_becomes_two_sizes_and_the_original_is_erased(session: Session, clock: Clock, work: Work) -> None:
    take_in(session, clock(), photos=(POTHOLE,))
    work()
    photo = the_photo(session)
    assert (photo.state, max(photo.width, photo.height)) == ("ready", 1296)
    assert names_in_store() == {stored_name(photo.key, "large"), stored_name(photo.key, "small")}


@pytest.mark.parametrize("name", ["truncated_jpeg.jpg", "corrupted.heic"])
def test_a_broken_photo_fails_closed_and_the_report_stands(
    session: Session, clock: Clock, work: Work, name: str
) -> None:
    ticket = take_in(session, clock(), photos=(IMAGES / "malformed" / name,))
    work()
    photo = the_photo(session)
    if photo.state == "failed":
        assert names_in_store() == set()
    else:
        assert stored_name(photo.key, "original") not in names_in_store()
    assert ticket.status == "received"


def test_bytes_that_are_no_picture_fail_for_good(session: Session, clock: Clock, work: Work, tmp_path: Path) -> None:
    liar = tmp_path / "liar.jpg"
    liar.write_bytes(b"\xff\xd8\xff\xe0" + b"<html>" * 100)
    take_in(session, clock(), photos=(liar,))
    work()
    assert the_photo(session).state == "failed"
    assert names_in_store() == set()


def test_a_tired_machine_is_given_three_tries(app: Flask, session: Session, clock: Clock, work: Work) -> None:
    take_in(session, clock(), photos=(POTHOLE,))
    app.extensions[KEY] = replace(house(app), decoder=TiredDecoder())
    for attempt in (1, 2, 3):
        assert make_due_sizes() == 1
        assert the_photo(session).attempts == attempt
        clock.pass_(seconds=31)
    assert the_photo(session).state == "failed"
    assert make_due_sizes() == 0


def test_a_worker_that_was_killed_loses_its_claim_and_nothing_else(session: Session, clock: Clock, work: Work) -> None:
    from maengelmelder.services.reporting.prepare_photo import claim_photos

    take_in(session, clock(), photos=(POTHOLE,))
    assert len(claim_photos(session, clock())) == 1
    session.commit()
    assert work() == 0
    clock.pass_(minutes=3)
    work()
    assert the_photo(session).state == "ready"


def test_a_file_without_a_row_is_erased_after_a_day(session: Session, clock: Clock, work: Work) -> None:
    from datetime import UTC, datetime

    key = keep_original(POTHOLE)
    clock.now = datetime.now(UTC)  # the file's own time is the machine's
    tidy_up()
    assert names_in_store() == {stored_name(key, "original")}
    clock.pass_(hours=25)
    tidy_up()
    assert names_in_store() == set()


def test_an_original_that_a_killed_worker_left_is_erased(session: Session, clock: Clock, work: Work) -> None:
    take_in(session, clock(), photos=(POTHOLE,))
    work()
    key = the_photo(session).key
    house().photos.put(stored_name(key, "original"), POTHOLE.read_bytes())
    tidy_up()
    assert names_in_store() == {stored_name(key, "large"), stored_name(key, "small")}


def test_sizes_of_a_photo_that_failed_in_the_end_are_erased(session: Session, clock: Clock, work: Work) -> None:
    take_in(session, clock(), photos=(POTHOLE,))
    work()
    the_photo(session).state = "failed"
    session.commit()
    tidy_up()
    assert names_in_store() == set()


def test_the_original_of_a_waiting_photo_is_kept(session: Session, clock: Clock) -> None:
    take_in(session, clock(), photos=(POTHOLE,))
    clock.pass_(days=4000)
    tidy_up()
    assert len(names_in_store()) == 1


class SlowDecoder:
    """Decodes, but another worker takes over meanwhile, and is through first."""

    def __init__(self, meanwhile: Callable[[], object], outcome: Exception | None = None) -> None:
        self.meanwhile, self.outcome = meanwhile, outcome

    def make_sizes(self, original: bytes) -> Sizes:
        self.meanwhile()
        if self.outcome:
            raise self.outcome
        return Sizes(b"late", b"late", 1, 1)


@pytest.mark.parametrize("outcome", [PhotoUnreadable("late"), PhotoWorkerFailed("late"), None])
def test_a_worker_that_comes_too_late_changes_nothing(
    app: Flask, session: Session, clock: Clock, work: Work, outcome: Exception | None
) -> None:
    take_in(session, clock(), photos=(POTHOLE,))
    here = house(app)

    def take_over() -> None:
        app.extensions[KEY] = here
        clock.pass_(minutes=3)
        assert make_due_sizes() == 1

    app.extensions[KEY] = replace(here, decoder=SlowDecoder(take_over, outcome))
    make_due_sizes()
    photo = the_photo(session)
    assert (photo.state, max(photo.width, photo.height), photo.attempts) == ("ready", 1296, 2)
    assert photo.lease_until is None


def test_a_file_with_a_row_is_kept(session: Session, clock: Clock, work: Work) -> None:
    take_in(session, clock(), photos=(POTHOLE,))
    work()
    clock.pass_(days=4000)
    tidy_up()
    assert len(names_in_store()) == 2
