"""Everything that the city holds of one report: to read, to take along, and to have erased (DSGVO Art. 15, 17, 20)."""

import json
from contextlib import suppress
from datetime import datetime

from flask import Response, redirect, render_template, url_for

from maengelmelder.database import db
from maengelmelder.house import house
from maengelmelder.ports import StoreUnavailable
from maengelmelder.services.forgetting.erase_files import erase_files
from maengelmelder.services.forgetting.erase_own import erase_own
from maengelmelder.services.reporting.own_past import read_past
from maengelmelder.web.origin import demand_own_origin
from maengelmelder.web.public.own_door import blueprint, own_report, private
from maengelmelder.web.public.own_holdings import holdings_of
from maengelmelder.web.transactions import commits


@blueprint.get("/meine/<secret>/auskunft")
def read(secret: str) -> Response:
    """All of it as a page."""
    report = own_report(secret)
    held = holdings_of(report)
    return private(
        render_template("public/own_data.html", report=report, ticket=report.ticket, secret=secret, held=held)
    )


@blueprint.get("/meine/<secret>/export")
def export(secret: str) -> Response:
    """All of it as a file that machines read, too."""
    report = own_report(secret)
    text = json.dumps(holdings_of(report), default=datetime.isoformat, ensure_ascii=False, indent=2)
    response = private(Response(text, mimetype="application/json"))
    response.headers["Content-Disposition"] = f'attachment; filename="meldung-{report.ticket_id}.json"'
    return response


@blueprint.get("/meine/<secret>/loeschen")
def ask_to_erase(secret: str) -> Response:
    """Says exactly what goes and what stays; changes nothing."""
    report = own_report(secret)
    if read_past(db.session(), report).is_erased:
        return private(redirect(url_for("own.show", secret=secret), 303))
    return private(render_template("public/own_erase.html", report=report, ticket=report.ticket, secret=secret))


@blueprint.post("/meine/<secret>/loeschen")
@commits
def erase(secret: str) -> Response:
    """Erases it: first the rows, then the files, so that nothing points to a file that is gone."""
    demand_own_origin()
    names = erase_own(db.session(), own_report(secret), house().now())
    db.session.commit()
    with suppress(StoreUnavailable):  # no row knows them any more; the worker erases them a day later
        erase_files(house().photos, names)
    return private(redirect(url_for("own.show", secret=secret), 303))
