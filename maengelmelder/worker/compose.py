"""Making a mail out of a delivery: text first, HTML beside it, never any contact data."""

from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from flask import g, render_template
from flask_babel import force_locale, gettext

from maengelmelder.database import db
from maengelmelder.domain.catalogue import NO, YES
from maengelmelder.domain.history import Event
from maengelmelder.domain.photos import stored_name
from maengelmelder.house import house
from maengelmelder.store.models import Delivery, Photo
from maengelmelder.store.queries.catalogue import get_catalogue
from maengelmelder.worker.links import confirm_link, staff_link, stop_link, ticket_link


class Unaddressed(Exception):
    """There is nobody to send this to any more: the address was erased or withdrawn."""


def compose(delivery: Delivery) -> EmailMessage:
    """The mail for a delivery, in its receiver's language; raises Unaddressed."""
    language = delivery.report.language if delivery.report else "de"
    g.language = language
    with force_locale(language):
        message = EmailMessage()
        _address(message, delivery)
        message["Subject"] = _subject(delivery)
        context = _context(delivery)
        message.set_content(render_template(f"mail/{delivery.kind}.txt", **context))
        message.add_alternative(render_template(f"mail/{delivery.kind}.html", **context), subtype="html")
    if delivery.department and delivery.kind != "erasure":
        _attach_photos(message, [p for p in _photos(delivery) if p.state == "ready"], delivery.ticket_id)
    return message


def _address(message: EmailMessage, delivery: Delivery) -> None:
    settings = house().settings
    to = delivery.department.email if delivery.department else (delivery.report.email if delivery.report else "")
    if not to:
        raise Unaddressed("no address")
    city = get_catalogue(db.session()).city.name.de
    message["From"] = Address(str(gettext("Mängelmelder %(city)s", city=city)), addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=to)
    message["Date"] = format_datetime(delivery.created_at)
    host = urlsplit(settings.base_url).hostname
    message["Message-ID"] = f"<delivery-{delivery.id}@{host}>"
    message["References"] = f"<ticket-{delivery.ticket_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers to this
    if delivery.kind == "notice" and delivery.report:
        message["List-Unsubscribe"] = f"<{stop_link(delivery.report)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058


def _subject(delivery: Delivery) -> str:
    ticket = delivery.ticket
    category = _category_name(delivery)
    if delivery.kind == "confirm":
        return str(gettext("Bitte bestätigen Sie Ihre E-Mail-Adresse (Meldung %(number)s)", number=ticket.id))
    if delivery.kind == "notice":
        return str(gettext("Neues zu Ihrer Meldung %(number)s: %(category)s", number=ticket.id, category=category))
    urgent = gettext("Dringend") + ": " if ticket.urgency == "hoch" else ""
    return f"[Mängelmelder {ticket.id}] {_occasion(delivery)}{urgent}{category}"


def _occasion(delivery: Delivery) -> str:
    """Why a department gets another mail about a ticket; nothing for the first one."""
    is_reply = delivery.event is not None and delivery.event.event == Event.REPLIED
    said = {
        "copy": gettext("Zur Kenntnis"),
        "addition": gettext("Rückfrage beantwortet") if is_reply else gettext("Ergänzung"),
        "erasure": gettext("Bitte um Löschung"),
    }
    return f"{said[delivery.kind]}: " if delivery.kind in said else ""


def _photos(delivery: Delivery) -> list[Photo]:
    """The ticket's photos, or those alone that came with an addition."""
    if delivery.kind != "addition" or delivery.event is None:
        return delivery.ticket.photos
    added = delivery.event.data.get("photos", ())
    return [photo for photo in delivery.ticket.photos if photo.id in added]


def _category_name(delivery: Delivery) -> str:
    catalogue = get_catalogue(db.session())
    category = catalogue.categories[delivery.ticket.category.key]
    return category.name.in_language(delivery.report.language if delivery.report else "de")


def _context(delivery: Delivery) -> dict[str, object]:
    ticket, catalogue, photos = delivery.ticket, get_catalogue(db.session()), _photos(delivery)
    return {
        "delivery": delivery,
        "ticket": ticket,
        "event": delivery.event,
        "category": catalogue.categories[ticket.category.key],
        "catalogue": catalogue,
        "answers": list(_answers(delivery)),
        "description": _words(delivery, "description"),
        "typed_address": _words(delivery, "address"),
        "note": _note(delivery),
        "added": _event_words(delivery, "addition", "response", "description"),
        "photos": [photo for photo in photos if photo.state == "ready"],
        "waiting": sum(photo.state == "waiting" for photo in photos),
        "failed": sum(photo.state == "failed" for photo in photos),
        "was_moved": delivery.event is not None and delivery.event.event in (Event.TRANSFERRED, Event.REFUSED),
        **_said(delivery),
        "staff_link": staff_link(ticket.id),
        "ticket_link": ticket_link(ticket.id) if ticket.published_at else "",
        "stop_link": stop_link(delivery.report) if delivery.kind == "notice" and delivery.report else "",
        "confirm_link": confirm_link(delivery.report) if delivery.kind == "confirm" and delivery.report else "",
    }


def _said(delivery: Delivery) -> dict[str, str]:
    """What the event itself said: a mail that leaves late must not tell of what came after it."""
    data = delivery.event.data if delivery.event else {}
    text = delivery.event.text if delivery.event else None
    receiver = get_catalogue(db.session()).departments.get(data.get("receiver", ""))
    return {
        "said_status": data.get("after", delivery.ticket.status),
        "said_reason": data.get("reason", ""),
        "receiver": receiver.name.de if receiver else "",
        "reply": text.body if text is not None and text.kind == "reply" else "",
    }


def _words(delivery: Delivery, kind: str) -> str:
    return "\n\n".join(text.body for text in delivery.ticket.texts if text.kind == kind)


def _note(delivery: Delivery) -> str:
    """What the department that hands a ticket over wrote to the next one."""
    return _event_words(delivery, "note")


def _event_words(delivery: Delivery, *kinds: str) -> str:
    text = delivery.event.text if delivery.event else None
    return text.body if text is not None and text.kind in kinds else ""


def _answers(delivery: Delivery) -> Iterator[tuple[str, str]]:
    """Question and answer in words, in the city's order."""
    ticket = delivery.ticket
    category = get_catalogue(db.session()).categories[ticket.category.key]
    chosen = {key: values for report in ticket.reports for key, values in report.answers.items()}
    written = {text.key: text.body for text in ticket.texts if text.kind == "answer"}
    for question in category.questions:
        labels = {option.key: option.label.de for option in question.options} | {YES: "ja", NO: "nein"}
        said = ", ".join(labels.get(value, value) for value in chosen.get(question.key, ()))
        if words := said or written.get(question.key, ""):
            yield question.label.de, words


def _attach_photos(message: EmailMessage, photos: list[Photo], number: int) -> None:
    for position, photo in enumerate(photos, start=1):
        data = house().photos.get(stored_name(photo.key, "large"))
        message.add_attachment(data, maintype="image", subtype="jpeg", filename=f"meldung-{number}-{position}.jpg")
