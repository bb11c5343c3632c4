"""One ticket on one page: everything that is known, and everything that I may do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, make_response, render_template

from maengelmelder.database import db
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.tickets import DECLINE_REASONS, MOVES, UNPUBLISHING_REASONS, Status
from maengelmelder.services.reporting.own_past import is_answered
from maengelmelder.store.models import Photo, Ticket, TicketEvent, TicketText
from maengelmelder.store.queries.staff import find_deliveries
from maengelmelder.store.queries.tickets import is_handled_by
from maengelmelder.web import labels
from maengelmelder.web.languages import words_of
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.staff.door import NUMBER, blueprint, get_ticket, me
from maengelmelder.web.staff.masking import mask_email, mask_name
from maengelmelder.web.staff.ticket_words import Words, category_name, status_word

RELEASABLE = ("description", "address", "answer", "addition", "response")  # what reporters wrote


@dataclass(frozen=True)
class Refused:
    """A form that was not taken: which one, what was entered, and a sentence for each field."""

    form: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@blueprint.get(f"/vorgang/<{NUMBER}:number>")
def ticket(number: int) -> Response:
    """The ticket's page."""
    return show_ticket(get_ticket(number))


def show_ticket(found: Ticket, refused: Refused = Refused(), status: int = 200) -> Response:
    """The page, with what was entered if a form was refused."""
    words = Words(db.session(), the_catalogue(), found)
    context = describe(found, words) | {"refused": refused, "told": words.history()}
    return make_response(render_template("staff/ticket.html", **context), status)


def show_conflict(found: Ticket, refused: Refused, seen: int) -> Response:
    """Somebody was faster: what happened since, and what was typed, to apply it to the new state or to let it be."""
    words = Words(db.session(), the_catalogue(), found)
    since = [told for told in words.history() if told.position > seen]
    context = describe(found, words) | {"refused": refused, "since": since}
    return make_response(render_template("staff/conflict.html", **context), 409)


def show_gone(number: int, left: TicketEvent, refused: Refused) -> Response:
    """A colleague gave the ticket to another department meanwhile: say to whom, and give the words back."""
    words = Words(db.session(), the_catalogue(), left.ticket)
    told = words.tell(left)
    department = words.department(left.ticket.department.key)
    context = {"number": number, "department": department, "refused": refused, "left": told}
    return make_response(render_template("staff/gone.html", **context), 409)


def describe(found: Ticket, words: Words) -> dict[str, Any]:
    """What both pages know about a ticket."""
    catalogue = words.catalogue
    return {
        "ticket": found,
        "words": words,
        "labels": labels,
        "category_name": category_name(catalogue, found),
        "department_name": words.department(found.department.key),
        "copies": [words.department(department.key) for department in found.copies],
        "texts": [text for text in found.texts if text.kind in RELEASABLE],
        "state_of": state_of,
        "is_answered": is_answered(found.events),
        "deliveries": find_deliveries(db.session(), found),
        "may_change": is_handled_by(me(), found),
        "seen": max((event.position for event in found.events), default=0),
        "moves": MOVES[found.state],
        "can_accept": Status.ACCEPTED in MOVES[found.state] and found.state is Status.RECEIVED,
        "reasons": [(key, labels.REASON[key]) for key in DECLINE_REASONS],
        "receivers": _departments(catalogue, lambda kind: kind != "intern"),
        "departments": _departments(catalogue, lambda _: True, without=found.department.key),
        "is_at_desk": found.department.key == catalogue.city.desk,
        "desk": words.department(catalogue.city.desk),
        "may_be_published": found.held and found.decline_reason not in UNPUBLISHING_REASONS,
        "status_word": status_word,
        "mask_email": mask_email,
        "mask_name": mask_name,
    }


def state_of(thing: TicketText | Photo) -> str:
    """Who may read it: never, released, withheld, or waiting for somebody to decide."""
    if not thing.releasable:
        return "never"
    return "released" if thing.released_at else "withheld" if thing.withheld_at else "waiting"


def _departments(catalogue: Catalogue, wanted: Any, without: str = "") -> list[tuple[str, str]]:
    return [
        (key, words_of(department.name))
        for key, department in catalogue.departments.items()
        if wanted(department.kind) and key != without
    ]
