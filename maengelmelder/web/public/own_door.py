"""The door of the reporter's own pages: only who bears the secret link passes, and nobody keeps what is seen there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for

from maengelmelder.database import db
from maengelmelder.store.engine import reading
from maengelmelder.store.models import Report
from maengelmelder.store.queries.tickets import find_report_by_secret
from maengelmelder.web import limits
from maengelmelder.web.errors import wants_json
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.public.report_fields import SECRET, hash_of

blueprint = Blueprint("own", __name__)


@dataclass(frozen=True)
class Refused:
    """A form that was not taken: its mark, what was entered, and a sentence for each field."""

    once: str = ""
    words: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def own_report(secret: str) -> Report:
    """The report of this link, or 404, kindly: it may still wait on a phone. Who guesses too often hears 429."""
    report = find_report_by_secret(db.session(), hash_of(secret)) if SECRET.fullmatch(secret) else None
    if report is None:
        limits.demand(limits.SECRETS, "secret")
        abort(404 if wants_json() else private(render_template("public/own_waiting.html"), 404))
    return report


def demand_own_report(secret: str) -> None:
    """The same for a form with files: looks, lets go of the database, and only then the files are taken."""
    demand_own_origin()
    with reading():
        own_report(secret)
        db.session.rollback()


def thank(secret: str, what: str) -> Response:
    """Back to the own page, which says that it has worked; `what` is a key of its thanks."""
    return private(redirect(url_for("own.show", secret=secret, danke=what), 303))


def private(body: Any, status: int | None = None) -> Response:
    """Kept by nobody on the way, found by no search engine."""
    response = make_response(body) if status is None else make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
