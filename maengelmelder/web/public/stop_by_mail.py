"""Ending notices by the link that stands in each of them; no secret link is needed for that."""

from flask import Response, render_template

from maengelmelder.database import db
from maengelmelder.house import house
from maengelmelder.services.reporting import change_email
from maengelmelder.web import limits
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.public.own_door import blueprint, private
from maengelmelder.web.transactions import commits


@blueprint.get("/abbestellen/<token>")
def ask_to_stop(token: str) -> Response:
    """Shows a button; mail programs that follow every link end nothing by that."""
    return _answer(token, is_known=_is_known(token, really=False), is_stopped=False)


@blueprint.post("/abbestellen/<token>")
@commits
def stop_by_mail(token: str) -> Response:
    """Ends the notices, also for mail programs that offer a button of their own (RFC 8058)."""
    demand_own_origin()
    return _answer(token, is_known=_is_known(token, really=True), is_stopped=True)


def _is_known(token: str, *, really: bool) -> bool:
    is_known = change_email.stop_by_mail(db.session(), house().settings.secret_key, token, really=really)
    if not is_known:
        limits.demand(limits.SECRETS, "secret")
    return is_known


def _answer(token: str, *, is_known: bool, is_stopped: bool) -> Response:
    page = render_template("public/stop_by_mail.html", token=token, is_known=is_known, is_stopped=is_stopped)
    return private(page, 200 if is_known else 404)
