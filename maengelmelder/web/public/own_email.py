"""The reporter's e-mail address: nothing goes there before its owner has confirmed it."""

from flask import Response, render_template

from maengelmelder.database import db
from maengelmelder.house import house
from maengelmelder.services.reporting.confirm_address import confirm_address, find_report_by_token
from maengelmelder.store.models import Report
from maengelmelder.web import limits
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.public.own_door import blueprint, private
from maengelmelder.web.transactions import commits


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


def _report_of(token: str) -> Report | None:
    report = find_report_by_token(db.session(), house().settings.secret_key, token)
    if report is None:
        limits.demand(limits.SECRETS, "secret")
    return report


def _confirmation(report: Report | None, token: str) -> Response:
    return private(
        render_template("public/confirm.html", report=report, token=token), 200 if report is not None else 404
    )
