"""Errors in one shape for machines and as a helpful page for people."""

from typing import Any

import structlog
from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from maengelmelder.database import db
from maengelmelder.ports import StoreUnavailable
from maengelmelder.store.queries.catalogue import CityMissing
from maengelmelder.web.sentences import HTTP_SENTENCES, HTTP_TITLES

log = structlog.get_logger()
RETRY_AFTER_SECONDS = "30"
SCRIPTS_ONLY = {("POST", "/melden/foto")}  # addresses that no page leads to


def wants_json() -> bool:
    """Whether the caller asked for JSON rather than a page."""
    if request.path.startswith("/api/") or (request.method, request.path) in SCRIPTS_ONLY:
        return True
    best = request.accept_mimetypes.best_match(("text/html", "application/json"))
    return best == "application/json" and request.accept_mimetypes["application/json"] > 0


def json_error(status: int, code: str, message: str, fields: dict[str, str] | None = None) -> Response:
    """The one shape of an error for machines."""
    error: dict[str, Any] = {"code": code, "message": message, "fields": fields or {}}
    response = jsonify(error=error)
    response.status_code = status
    return response


def handle_errors(app: Flask) -> None:
    """Answer every HTTP error, and the two faults that pass by themselves, in our own words."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(StoreUnavailable, _unavailable)


def _http_error(error: HTTPException) -> Any:
    if error.response is not None or (error.code or 500) < 400:
        return error
    return error_answer(error.code or 500)


def error_answer(status: int) -> Response:
    """The answer for an HTTP status: JSON for machines, a page that says what to do for people."""
    db.session.rollback()
    known = status if status in HTTP_SENTENCES else (400 if status < 500 else 500)
    title, sentence = str(HTTP_TITLES[known]), str(HTTP_SENTENCES[known])
    if wants_json():
        return json_error(status, f"http_{status}", sentence)
    return Response(_error_page(status, title, sentence), status, mimetype="text/html")


def _error_page(status: int, title: str, sentence: str) -> str:
    """The page with the city's name and links; without them when the database, where they stand, is the trouble."""
    try:
        return render_template("error.html", status=status, title=title, sentence=sentence)
    except (SQLAlchemyError, CityMissing):
        return render_template("error_bare.html", title=title, sentence=sentence)


def _unavailable(error: Exception) -> Response:
    log.error("unavailable", error=type(error).__name__)
    response = error_answer(503)
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response
