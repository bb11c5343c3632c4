"""The reporter's own page under the secret link: how far it is, what everybody sees, taking it back."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for

from maengelmelder.database import db
from maengelmelder.domain.errors import Refusal
from maengelmelder.house import house
from maengelmelder.services.reporting.confirm_address import confirm_address, find_report_by_token
from maengelmelder.services.reporting.withdraw import may_withdraw, withdraw
from maengelmelder.store.models import Report
from maengelmelder.store.queries.public import find_events
from maengelmelder.store.queries.tickets import find_report_by_secret
from maengelmelder.web import limits
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.report_fields import SECRET, hash_of
from maengelmelder.web.public.showing import public_timeline
from maengelmelder.web.sentences import sentence
from maengelmelder.web.transactions import commits

blueprint = Blueprint("own", __name__)


@blueprint.get("/meine")
def listing() -> str:
    """The reports of this device; only the device knows them."""
    return render_template("public/own_list.html")


@blueprint.get("/meine/<secret>")
def show(secret: str) -> Response:
    """One's own report."""
    return _page(_own_report(secret), secret)


@blueprint.get("/meine/<secret>/zurueckziehen")
def ask_to_withdraw(secret: str) -> Response:
    """Asks whether it is meant; changes nothing."""
    report = _own_report(secret)
    if not may_withdraw(report):
        return _private(redirect(url_for("own.show", secret=secret), 303))
    return _private(render_template("public/own_withdraw.html", report=report, ticket=report.ticket, secret=secret))


@blueprint.post("/meine/<secret>/zurueckziehen")
@commits
def take_back(secret: str) -> Response:
    """Takes the report back."""
    demand_own_origin()
    report = _own_report(secret)
    try:
        withdraw(db.session(), report, house().now())
    except Refusal as refusal:
        db.session.rollback()
        return _page(_own_report(secret), secret, fault=sentence(refusal), status=409)
    return _private(redirect(url_for("own.show", secret=secret), 303))


@blueprint.get("/bestaetigen/<token>")
def ask_to_confirm(token: str) -> Response:
    """Shows a button; mail programs that follow every link confirm nothing by that."""
    return _confirmation(_report_of(token), token)


@blueprint.post("/bestaetigen/<token>")
@commits
def confirm(token: str) -> Response:
    """Confirms the address."""
    demand_own_origin()
    report = _report_of(token)
    if report is not None:
        confirm_address(report, house().now())
    return _confirmation(report, token)


def _own_report(secret: str) -> Report:
    """The report of this link, or 404; who guesses too often hears 429."""
    report = find_report_by_secret(db.session(), hash_of(secret)) if SECRET.fullmatch(secret) else None
    if report is None:
        limits.demand(limits.SECRETS, "secret")
        abort(404)
    return report


def _report_of(token: str) -> Report | None:
    report = find_report_by_token(db.session(), house().settings.secret_key, token)
    if report is None:
        limits.demand(limits.SECRETS, "secret")
    return report


def _page(report: Report, secret: str, *, fault: str = "", status: int = 200) -> Response:
    events = find_events(db.session(), report.ticket)
    page = render_template(
        "public/own.html",
        report=report,
        ticket=report.ticket,
        secret=secret,
        address=house().settings.base_url + url_for("own.show", secret=secret),
        timeline=public_timeline(the_catalogue(), events),
        may_withdraw=may_withdraw(report),
        fault=fault,
    )
    return _private(page, status)


def _confirmation(report: Report | None, token: str) -> Response:
    return _private(
        render_template("public/confirm.html", report=report, token=token), 200 if report is not None else 404
    )


def _private(body: Any, status: int | None = None) -> Response:
    """Kept by nobody on the way, found by no search engine."""
    response = make_response(body) if status is None else make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
