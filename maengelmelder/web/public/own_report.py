"""The reporter's own page under the secret link: how far it is, what everybody sees, taking it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from maengelmelder.database import db
from maengelmelder.domain.additions import find_end
from maengelmelder.domain.errors import Refusal
from maengelmelder.house import house
from maengelmelder.services.reporting.own_past import find_question, is_answered, past_of
from maengelmelder.services.reporting.withdraw import may_withdraw, stands_alone, withdraw
from maengelmelder.store.models import Report, TicketEvent
from maengelmelder.store.queries.public import find_events
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.next_steps import next_words
from maengelmelder.web.public.own_door import Refused, blueprint, own_report, private
from maengelmelder.web.public.report_fields import new_submission
from maengelmelder.web.public.showing import public_timeline
from maengelmelder.web.sentences import sentence
from maengelmelder.web.transactions import commits

NOTHING_REFUSED = Refused()
THANKS: Mapping[str, LazyString] = {
    "addition": _l("Danke, Ihre Ergänzung ist angekommen. Die Dienststelle bekommt sie jetzt."),
    "answer": _l("Danke für Ihre Antwort."),
    "email": _l("Wir haben Ihnen eine E-Mail geschickt. Bitte öffnen Sie den Link darin."),
    "stopped": _l("Ihre E-Mail-Adresse ist gelöscht. Sie bekommen keine Nachrichten mehr zu dieser Meldung."),
}


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
    alone = stands_alone(db.session(), report)
    return private(render_template("public/own_withdraw.html", ticket=report.ticket, secret=secret, stands_alone=alone))


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


def show_own(
    report: Report, secret: str, *, fault: str = "", refused: Refused = NOTHING_REFUSED, status: int = 200
) -> Response:
    """The page, with a sentence on top if something could not be done."""
    events = find_events(db.session(), report.ticket)
    page = render_template(
        "public/own.html",
        **_standing(report, events),
        report=report,
        ticket=report.ticket,
        secret=secret,
        address=house().settings.base_url + url_for("own.show", secret=secret),
        timeline=public_timeline(the_catalogue(), events),
        fault=fault,
        refused=refused,
        thanks=THANKS.get(request.args.get("danke", "")),
    )
    return private(page, status)


def _standing(report: Report, events: Sequence[TicketEvent]) -> dict[str, Any]:
    """How far it is, and what can still be done with it."""
    answered, question = is_answered(events), find_question(events)
    past = past_of(events, report, photos=sum(photo.report_id == report.id for photo in report.ticket.photos))
    is_over = find_end(past, house().now()) is not None
    return {
        "next_words": next_words(report.ticket, is_answered=answered),
        "question": question if not answered and not is_over else None,
        "once": new_submission(),
        "past": past,
        "is_over": is_over,
        "may_withdraw": may_withdraw(report),
    }
