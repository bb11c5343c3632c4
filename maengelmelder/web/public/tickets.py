"""The list of tickets, and one ticket."""

from flask import Blueprint, abort, render_template, request

from maengelmelder.database import db
from maengelmelder.store.queries.public import LONGEST_NUMBER, find_events, find_tickets
from maengelmelder.store.queries.tickets import find_public_ticket
from maengelmelder.web.addresses import address_with
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.filters import read_kind_filter
from maengelmelder.web.public.showing import public_timeline

blueprint = Blueprint("tickets", __name__)

PAGE = 24
LARGEST = 10**LONGEST_NUMBER - 1


@blueprint.get("/meldungen")
def listing() -> str:
    """Public tickets, filtered, a page at a time."""
    found = find_tickets(db.session(), read_kind_filter(the_catalogue()), PAGE + 1)
    shown = found[:PAGE]
    return render_template(
        "public/list.html",
        tickets=shown,
        next_page=_page_after(shown[-1].id) if len(found) > PAGE else None,
        first_page=_page_after(None) if "before" in request.args else None,
    )


@blueprint.get(f"/vorgang/<int(max={LARGEST}):number>")
def ticket(number: int) -> str:
    """One public ticket; unknown and not public look alike."""
    found = find_public_ticket(db.session(), number)
    if found is None:
        abort(404)
    events = find_events(db.session(), found)
    return render_template("public/ticket.html", ticket=found, timeline=public_timeline(the_catalogue(), events))


def _page_after(number: int | None) -> str:
    query = {name: values for name, values in request.args.to_dict(flat=False).items() if name != "before"}
    return address_with("tickets.listing", query | ({} if number is None else {"before": [str(number)]}))
