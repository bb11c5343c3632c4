"""The reporter's e-mail address: nothing goes there before its owner has confirmed it."""

from collections.abc import Sequence

from flask import Response, render_template, request

from maengelmelder.database import db
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.reports import printable
from maengelmelder.house import house
from maengelmelder.services.reporting.change_email import change_email, stop_notices
from maengelmelder.services.reporting.confirm_address import confirm_address, find_report_by_token
from maengelmelder.store.models import Report
from maengelmelder.web import limits
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.public.own_door import blueprint, own_report, private, thank
from maengelmelder.web.public.report_answers import sentences_of
from maengelmelder.web.public.report_fields import MAX_EMAIL, hash_of, read_email
from maengelmelder.web.transactions import commits


@blueprint.get("/meine/<secret>/email")
def ask_for_email(secret: str) -> Response:
    """The form for the address."""
    return _form(own_report(secret), secret)


@blueprint.post("/meine/<secret>/email")
@commits
def keep_email(secret: str) -> Response:
    """Keeps the address and asks its owner; the answer tells nobody whether it was known."""
    demand_own_origin()
    report = own_report(secret)
    faults: list[Refusal] = [] if request.form.get("email", "").strip() else [Refusal("email_missing", "email")]
    email = read_email(faults)
    if faults:
        return _form(report, secret, faults, 422)
    if not _may_write_to(email, report):
        return _form(report, secret, [Refusal("email_too_often", "email")], 429)
    try:
        change_email(db.session(), report, email, house().now())
    except Refusal as refusal:
        db.session.rollback()
        return _form(own_report(secret), secret, [refusal], 409)
    return thank(secret, "email")


@blueprint.post("/meine/<secret>/email/beenden")
@commits
def stop_email(secret: str) -> Response:
    """Forgets the address; the report itself stays."""
    demand_own_origin()
    stop_notices(db.session(), own_report(secret))
    return thank(secret, "stopped")


def _may_write_to(email: str, report: Report) -> bool:
    """Nobody shall fill a stranger's box with our questions, nor try many boxes with one report."""
    marks = (hash_of(email.casefold()), f"report-{report.id}")
    return all(limits.hit(limits.EMAILS, "email", mark) for mark in marks)


def _form(report: Report, secret: str, faults: Sequence[Refusal] = (), status: int = 200) -> Response:
    page = render_template(
        "public/own_email.html",
        report=report,
        ticket=report.ticket,
        secret=secret,
        email=printable(request.form.get("email", report.email))[:MAX_EMAIL],
        errors=sentences_of(faults),
    )
    return private(page, status)


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
