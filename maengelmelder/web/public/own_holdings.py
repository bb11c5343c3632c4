"""What the city holds of one report: the person's own, and what is public about the ticket."""

from typing import Any

from maengelmelder.database import db
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.history import Event
from maengelmelder.house import house
from maengelmelder.store.models import Delivery, Photo, Report, Ticket, TicketEvent, TicketText
from maengelmelder.store.queries.public import find_events
from maengelmelder.store.queries.tickets import find_messages_to
from maengelmelder.web import labels
from maengelmelder.web.languages import words_of
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.photos import signed_photo
from maengelmelder.web.public.showing import category_name, chosen_words, department_name, is_released, public_timeline


def holdings_of(report: Report) -> dict[str, Any]:
    """Everything; notes that clerks write among themselves are no part of it, and hold no contact data."""
    catalogue, ticket = the_catalogue(), report.ticket
    events = find_events(db.session(), ticket)
    return {
        "number": ticket.id,
        "report": _report(catalogue, report),
        "texts": [_text(text) for text in ticket.texts if text.report_id == report.id],
        "photos": [_photo(photo) for photo in ticket.photos if photo.report_id == report.id],
        "messages": [_message(delivery) for delivery in find_messages_to(db.session(), report)],
        "ticket": _ticket(catalogue, ticket),
        "history": [_step(event) for event in events if event.data.get("report") == report.id],
        "public_history": [
            {"at": step.at, "what": step.title, "status": step.status, "words": step.words}
            for step in reversed(public_timeline(catalogue, events))
        ],
    }


def _report(catalogue: Catalogue, report: Report) -> dict[str, Any]:
    return {
        "submission": report.submission,
        "reported_at": report.created_at,
        "channel": report.channel,
        "language": report.language,
        "name": report.name,
        "email": report.email,
        "email_confirmed_at": report.email_confirmed_at,
        "emergency": report.emergency,
        "accuracy_m": report.accuracy_m,
        "answers": _answers(catalogue, report),
        "suggested_categories": report.suggested,
    }


def _answers(catalogue: Catalogue, report: Report) -> list[dict[str, str]]:
    """What was chosen; answers in words stand among the texts."""
    category = catalogue.categories.get(report.ticket.category.key)
    questions = {question.key: question for question in category.questions} if category else {}
    return [
        {"question": words_of(questions[key].label), "answer": chosen_words(questions[key], values)}
        if key in questions
        else {"question": key, "answer": ", ".join(values)}
        for key, values in report.answers.items()
    ]


def _text(text: TicketText) -> dict[str, Any]:
    return {
        "kind": text.kind,
        "what": str(labels.TEXT_KIND.get(text.kind, text.kind)),
        "text": text.body,
        "sent_at": text.created_at,
        "is_public": is_released(text),
    }


def _photo(photo: Photo) -> dict[str, Any]:
    address = house().settings.base_url + signed_photo(photo, "large") if photo.state == "ready" else None
    return {
        "address_for_an_hour": address,
        "state": photo.state,
        "width": photo.width,
        "height": photo.height,
        "sent_at": photo.created_at,
        "is_public": is_released(photo),
    }


def _message(delivery: Delivery) -> dict[str, Any]:
    return {
        "kind": delivery.kind,
        "what": str(labels.DELIVERY_KIND.get(delivery.kind, delivery.kind)),
        "state": delivery.state,
        "state_in_words": str(labels.DELIVERY_STATE.get(delivery.state, delivery.state)),
        "asked_at": delivery.created_at,
        "sent_at": delivery.sent_at,
    }


def _ticket(catalogue: Catalogue, ticket: Ticket) -> dict[str, Any]:
    return {
        "category": category_name(catalogue, ticket.category.key),
        "status": ticket.status,
        "department": department_name(catalogue, ticket.department.key, ticket.department.name),
        "place": [ticket.place.lon, ticket.place.lat] if ticket.place else None,
        "address": ticket.address,
        "is_public": ticket.published_at is not None,
        "reported_at": ticket.reported_at,
        "closed_at": ticket.closed_at,
    }


def _step(event: TicketEvent) -> dict[str, Any]:
    return {"at": event.at, "what": event.event, "title": str(labels.EVENT[Event(event.event)])}
