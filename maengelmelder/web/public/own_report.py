"""The reporter's own page under the secret link: how far it is, what everybody sees, taking it back."""

from flask import Response, redirect, render_template, url_for

from maengelmelder.database import db
from maengelmelder.domain.errors import Refusal
from maengelmelder.house import house
from maengelmelder.services.reporting.withdraw import may_withdraw, withdraw
from maengelmelder.store.models import Report
from maengelmelder.store.queries.public import find_events
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.own_door import blueprint, own_report, private
from maengelmelder.web.public.showing import public_timeline
from maengelmelder.web.sentences import sentence
from maengelmelder.web.transactions import commits


@blueprint.get("/meine")
def listing() -> str:
    """The reports of this device; only the device knows them."""
    return render_template("public/own_list.html")


@blueprint.get("/meine/<secret>")
def show(secret: str) -> Response:
    """One's own report."""
    return show_own(own_report(secret), secret)


@blueprint.get("/meine/<secret>/zurueckziehen")
def ask_to_withdraw(secret: str) -> Response:
    """Asks whether it is meant; changes nothing."""
    report = own_report(secret)
    if not may_withdraw(report):
        return private(redirect(url_for("own.show", secret=secret), 303))
    return private(render_template("public/own_withdraw.html", report=report, ticket=report.ticket, secret=secret))


@blueprint.post("/meine/<secret>/zurueckziehen")
@commits
def take_back(secret: str) -> Response:
    """Takes the report back."""
    demand_own_origin()
    report = own_report(secret)
    try:
        withdraw(db.session(), report, house().now())
    except Refusal as refusal:
        db.session.rollback()
        return show_own(own_report(secret), secret, fault=sentence(refusal), status=409)
    return private(redirect(url_for("own.show", secret=secret), 303))


def show_own(report: Report, secret: str, *, fault: str = "", status: int = 200) -> Response:
    """The page, with a sentence on top if something could not be done."""
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
    return private(page, status)
