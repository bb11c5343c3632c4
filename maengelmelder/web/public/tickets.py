"""The list of tickets, and one ticket."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, abort, render_template, request

from maengelmelder.database import db
from maengelmelder.domain.duplicates import may_be_joined
from maengelmelder.house import house
from maengelmelder.store.queries.public import LONGEST_NUMBER, find_events, find_tickets
from maengelmelder.store.queries.tickets import find_public_ticket
from maengelmelder.web.addresses import address_with
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.filters import read_kind_filter
from maengelmelder.web.public.report_fields import TRAP, new_secret, new_submission
from maengelmelder.web.public.showing import public_timeline

blueprint = Blueprint("tickets", __name__)

PAGE = 24
NUMBER = f"int(max={10**LONGEST_NUMBER - 1})"


@dataclass(frozen=True)
class JoinForm:
    """The form "Betrifft mich auch". errors: sentences by field."""

    submission: str
    secret: str
    email: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


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


@blueprint.get(f"/vorgang/<{NUMBER}:number>")
def ticket(number: int) -> str:
    """One public ticket; unknown and not public look alike."""
    return show_ticket(number, JoinForm(new_submission(), new_secret()))


def show_ticket(number: int, form: JoinForm) -> str:
    """The page, with what was entered if the form on it was refused."""
    found = find_public_ticket(db.session(), number)
    if found is None:
        abort(404)
    return render_template(
        "public/ticket.html",
        ticket=found,
        timeline=public_timeline(the_catalogue(), find_events(db.session(), found)),
        form=form,
        trap=TRAP,
        may_join=may_be_joined(found.state, found.closed_at, house().now()),
    )


def _page_after(number: int | None) -> str:
    query = {name: values for name, values in request.args.to_dict(flat=False).items() if name != "before"}
    return address_with("tickets.listing", query | ({} if number is None else {"before": [str(number)]}))
