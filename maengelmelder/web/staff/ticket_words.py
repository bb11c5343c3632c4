"""A ticket's codes and keys in words: why it went where it went, who did what, what was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from maengelmelder.domain.catalogue import NO, YES, Catalogue, Question
from maengelmelder.domain.history import Event
from maengelmelder.domain.tickets import Status
from maengelmelder.services.history import REPORTER
from maengelmelder.store.models import Report, Ticket, TicketEvent
from maengelmelder.store.queries.staff import find_department_names, find_user_names
from maengelmelder.web import labels
from maengelmelder.web.languages import words_of

ACTOR = "user:"


def _(sentence: str, **values: object) -> str:
    return str(gettext(sentence, **values))


@dataclass(frozen=True)
class Told:
    """One entry of the history in words. `words` is what somebody wrote, None once it was erased."""

    position: int
    at: datetime
    event: Event
    title: str
    detail: str
    who: str
    words: str | None
    is_internal: bool


class Words:
    """The words for one ticket; reads all names it needs at once."""

    def __init__(self, session: Session, catalogue: Catalogue, ticket: Ticket) -> None:
        self.catalogue = catalogue
        self.ticket = ticket
        self.category = catalogue.categories.get(ticket.category.key)
        self._departments = find_department_names(session)
        self._texts = {text.id: text for text in ticket.texts}  # else each event would fetch its own
        self._people = _people_in(session, ticket.events)

    def department(self, key: object) -> str:
        """A department's name, also of one that is retired."""
        known = self.catalogue.departments.get(str(key))
        return words_of(known.name) if known else self._departments.get(str(key), str(key))

    def because(self) -> str:
        """Why the ticket was routed as it was: "Schlagloch in Bundesstraßen → Staatliches Bauamt Landshut"."""
        routed = next((event for event in self.ticket.events if event.event == Event.ROUTED), None)
        to = self.department(routed.data.get("department", "") if routed else self.ticket.department.key)
        reason = self.ticket.because
        category = category_name(self.catalogue, self.ticket)
        if reason.get("rule") == "answer":
            return _("Antwort „%(answer)s“ → %(to)s", answer=self._option(reason), to=to)
        if reason.get("rule") == "area":
            area = self.catalogue.areas.get(reason.get("area", ""))
            name = words_of(area.name) if area else reason.get("area", "")
            return _("%(category)s in %(area)s → %(to)s", category=category, area=name, to=to)
        if reason.get("rule") == "category":
            return f"{category} → {to}"
        if reason.get("rule") == "place":
            return _("Nur eine Adresse, noch kein Ort auf der Karte → %(to)s", to=to)
        return _("Keine Regel passt → %(to)s", to=to)

    def _option(self, reason: Mapping[str, str]) -> str:
        question = self.category.find_question(reason.get("question", "")) if self.category else None
        return option_label(question, reason.get("option", ""))

    def history(self) -> list[Told]:
        """The whole history, the newest first."""
        return [self.tell(event) for event in reversed(self.ticket.events)]

    def tell(self, row: TicketEvent) -> Told:
        """One entry in words."""
        event = Event(row.event)
        return Told(
            row.position,
            row.at,
            event,
            str(labels.EVENT[event]),
            self._detail(event, row),
            self.actor(row.actor),
            self._texts[row.text_id].body if row.text_id in self._texts else None,
            event is Event.NOTED or event in (Event.TRANSFERRED, Event.REFUSED),
        )

    def actor(self, code: str) -> str:
        """Who did it: a person of the staff by name."""
        if code.startswith(ACTOR):
            return self._people.get(code, _("gelöschtes Konto"))
        return _("meldende Person") if code == REPORTER else _("automatisch")

    def _detail(self, event: Event, row: TicketEvent) -> str:
        data = row.data
        if event is Event.MOVED:
            return self._moved(data)
        if event in (Event.TRANSFERRED, Event.REFUSED):
            way = f"{self.department(data.get('before'))} → {self.department(data.get('department'))}"
            proposal = data.get("proposal")
            return _("%(way)s, Vorschlag: %(to)s", way=way, to=self.department(proposal)) if proposal else way
        if event is Event.ROUTED:
            return self.department(data.get("department", ""))
        if event in (Event.REPORTED, Event.JOINED):
            return str(labels.CHANNEL.get(str(data.get("channel", "")), ""))
        if event in (Event.DELIVERED, Event.UNDELIVERED):
            return self._delivered(data)
        return self._things(event, data)

    def _moved(self, data: Mapping[str, object]) -> str:
        way = f"{status_word(data.get('before'))} → {status_word(data.get('after'))}"
        if reason := data.get("reason"):
            return f"{way}: {labels.REASON.get(str(reason), str(reason))}"
        if receiver := data.get("receiver"):
            return f"{way}: {self.department(receiver)}"
        return way

    def _delivered(self, data: Mapping[str, object]) -> str:
        kind = labels.DELIVERY_KIND.get(str(data.get("kind", "")), "")
        to = _("meldende Person") if data.get("to") == REPORTER else self.department(data.get("to", ""))
        return _("%(kind)s an %(to)s", kind=kind, to=to)

    def _things(self, event: Event, data: Mapping[str, Any]) -> str:
        """Which text or photos it was about."""
        if event is Event.ADDED and data.get("photos"):
            return str(ngettext("ein Foto", "%(num)s Fotos", len(data["photos"])))
        if event in (Event.TEXT_RELEASED, Event.TEXT_WITHHELD):
            text = next((text for text in self.ticket.texts if text.id == data.get("text_id")), None)
            return str(labels.TEXT_KIND.get(text.kind, "")) if text else ""
        if event in (Event.PHOTO_RELEASED, Event.PHOTO_WITHHELD):
            ids = [photo.id for photo in self.ticket.photos]
            photo = data.get("photo")
            return _("Foto %(number)s", number=ids.index(photo) + 1) if photo in ids else ""
        return ""

    def answers(self, report: Report) -> list[tuple[str, str]]:
        """What was chosen, as question and answer; text answers are texts of their own."""
        pairs = []
        for key, values in report.answers.items():
            question = self.category.find_question(key) if self.category else None
            said = ", ".join(option_label(question, value) for value in values)
            pairs.append((words_of(question.label) if question else key, said))
        return pairs

    def question(self, key: str) -> str:
        """The question that a text answers."""
        question = self.category.find_question(key) if self.category else None
        return words_of(question.label) if question else key


def category_name(catalogue: Catalogue, ticket: Ticket) -> str:
    """The category's name in the language of this request."""
    known = catalogue.categories.get(ticket.category.key)
    return words_of(known.name) if known else ticket.category.name


def status_word(value: object) -> str:
    """A status as people say it; one that this version does not know stays as it is."""
    return str(labels.STATUS[Status(str(value))]) if value in list(Status) else str(value or "")


def option_label(question: Question | None, value: str) -> str:
    """An answer's label; for an option that is gone the key itself."""
    if question is not None and question.type == "yesno":
        return {YES: _("Ja"), NO: _("Nein")}.get(value, value)
    options = question.options if question else ()
    return next((words_of(option.label) for option in options if option.key == value), value)


def _people_in(session: Session, events: Iterable[TicketEvent]) -> dict[str, str]:
    codes = {event.actor for event in events if event.actor.startswith(ACTOR)}
    names = find_user_names(session, (int(code.removeprefix(ACTOR)) for code in codes))
    return {f"{ACTOR}{key}": name for key, name in names.items()}
