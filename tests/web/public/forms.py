"""Filling the report form in tests, as a browser without scripts does."""

import re
import uuid
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from maengelmelder.store.models import Report, Ticket, TicketEvent, TicketText, Upload
from tests.reports import POTHOLE

IN_LANDSHUT = {"lat": "48.5369", "lon": "12.1522"}
JSON = {"Accept": "application/json"}


def new_report(**changes: Any) -> dict[str, Any]:
    """The fields of a good report about a street lamp; None leaves one out."""
    fields: dict[str, Any] = {
        "submission": str(uuid.uuid4()),
        "secret": uuid.uuid4().hex + "A" * 11,
        **IN_LANDSHUT,
        "category": "laterne",
        "answer-art": "aus",
        "description": "Die Laterne ist aus.",
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def photo(path: Path = POTHOLE, name: str = "foto.jpg") -> tuple[BytesIO, str]:
    """A photo as a form field."""
    return BytesIO(path.read_bytes()), name


def send(client: FlaskClient, fields: Mapping[str, Any], **headers: str) -> TestResponse:
    """Send the form."""
    answer = client.post("/melden", data=dict(fields), headers=headers, content_type="multipart/form-data")
    answer.request.input_stream.close()  # a large body lies in a temporary file
    return answer


def send_json(client: FlaskClient, fields: Mapping[str, Any]) -> TestResponse:
    """Send the form as a program that wants JSON back."""
    return send(client, fields, **JSON)


def hidden_fields(page: str) -> dict[str, str]:
    """What the form carries along unseen."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def rows(session: Session, models: Iterable[type] = (Ticket, Report, TicketText, TicketEvent, Upload)) -> list[int]:
    """How many rows there are of each kind."""
    session.rollback()
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def stored_files(root: Path) -> list[Path]:
    """Every file in a photo store."""
    return sorted(path for path in root.rglob("*") if path.is_file())
