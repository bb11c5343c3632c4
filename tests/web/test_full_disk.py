"""A full disk is said in time, and where only the log cannot be written, reports are still taken."""

import errno
import io
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from maengelmelder.house import house
from maengelmelder.web.request_log import configure_logs
from tests.web.public.forms import new_report, rows, send_json

Usage = namedtuple("Usage", "total used free")


class FullDisk(io.StringIO):
    """Standard output into a file on a disk without room."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def real_logs() -> Iterator[None]:
    configure_logs()
    yield
    structlog.reset_defaults()


def test_a_log_that_cannot_be_written_refuses_no_report(
    client: FlaskClient, session: Session, real_logs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout", FullDisk())
    assert send_json(client, new_report()).status_code == 201
    assert client.get("/gibt-es-nicht").status_code == 404
    assert rows(session)[0] == 1


@pytest.mark.parametrize("place", ["photos", "data"])
def test_a_city_without_room_says_that_it_is_not_ready(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    full = getattr(house(app).settings, place)
    house(app).settings.photos.mkdir(exist_ok=True)

    def usage(path: Path) -> Any:
        return Usage(100, 99, 1) if path == full else Usage(100, 1, 99)

    monkeypatch.setattr("shutil.disk_usage", usage)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    checks = answer.get_json()["checks"]
    assert [name for name, fine in checks.items() if not fine] == [place]
