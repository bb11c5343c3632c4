"""What a page says about a ticket to everybody: never a word or photo that was not released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask_babel import gettext, ngettext

from maengelmelder.domain.catalogue import NO, YES, Catalogue, Question
from maengelmelder.domain.history import PUBLIC, Event
from maengelmelder.store.models import Photo, Ticket, TicketEvent, TicketText
from maengelmelder.web import labels
from maengelmelder.web.languages import words_of

SAID_IN_PUBLIC = frozenset({"reply", "addition", "response"})  # once released; notes never


@dataclass(frozen=True)
class Step:
    """One line of the public timeline; `status` where it changed."""

    at: datetime
    title: str
    status: str = ""
    receiver: str = ""
    reason: str = ""
    words: str = ""


def is_released(thing: TicketText | Photo) -> bool:
    """Whether a clerk, or the city's setting, lets everybody see this text or photo."""
    return thing.releasable and thing.released_at is not None and thing.withheld_at is None


def is_waiting(thing: TicketText | Photo) -> bool:
    """Whether it may become public and nobody has decided yet."""
    return thing.releasable and thing.released_at is None and thing.withheld_at is None


def released_words(ticket: Ticket, kind: str) -> str:
    """The released text of a kind (`description`, `address`), or nothing."""
    return next((text.body for text in ticket.texts if text.kind == kind and is_released(text)), "")


def further_words(ticket: Ticket, kind: str) -> list[str]:
    """What others who reported the same said, after its release."""
    return [text.body for text in ticket.texts if text.kind == kind and is_released(text)][1:]


def affected_words(people: int) -> str:
    """How many people a ticket concerns, where it is more than the one who reported it."""
    return str(ngettext("%(num)s Person betroffen", "%(num)s Personen betroffen", people)) if people > 1 else ""


def waits(ticket: Ticket, kind: str) -> bool:
    """Whether such a text exists and waits for its release."""
    return any(text.kind == kind and is_waiting(text) for text in ticket.texts)


def shown_photos(ticket: Ticket) -> list[Photo]:
    """Photos that everybody may see."""
    return [photo for photo in ticket.photos if is_released(photo) and photo.state == "ready"]


def waiting_photos(ticket: Ticket) -> int:
    """How many photos are still to be looked at."""
    hopeful = [photo for photo in ticket.photos if photo.releasable and photo.withheld_at is None]
    return sum(photo.state != "failed" for photo in hopeful) - len(shown_photos(ticket))


def category_name(catalogue: Catalogue, key: str) -> str:
    """What a category is called, in the language of this request."""
    category = catalogue.categories.get(key)
    return words_of(category.name) if category else key


def department_name(catalogue: Catalogue, key: str, fallback: str = "") -> str:
    """What a department is called, in the language of this request."""
    department = catalogue.departments.get(key)
    return words_of(department.name) if department else fallback or key


def answers_shown(catalogue: Catalogue, ticket: Ticket) -> list[tuple[str, str]]:
    """The public answers: choices at once, words after their release."""
    category = catalogue.categories.get(ticket.category.key)
    if category is None or not ticket.reports:
        return []
    given = ticket.reports[0].answers
    words = {text.key: text.body for text in ticket.texts if text.kind == "answer" and is_released(text)}
    answers = (
        (q, words.get(q.key, "") if q.type == "text" else chosen_words(q, given.get(q.key, ())))
        for q in category.questions
    )
    return [(words_of(question.label), answer) for question, answer in answers if question.public and answer]


def chosen_words(question: Question, keys: Sequence[str]) -> str:
    """The chosen options of a question, as people read them."""
    labels_of = {option.key: words_of(option.label) for option in question.options}
    labels_of |= {YES: gettext("Ja"), NO: gettext("Nein")} if question.type == "yesno" else {}
    return ", ".join(labels_of.get(key, key) for key in keys)


def public_timeline(catalogue: Catalogue, events: Sequence[TicketEvent]) -> list[Step]:
    """What everybody may know of a ticket's history, the newest first; several who join one by one are one line."""
    shown = [event for event in reversed(events) if event.event in PUBLIC]
    steps = []
    for is_joining, run in groupby(shown, lambda event: event.event == Event.JOINED):
        together = list(run)
        steps += [_joined(together)] if is_joining else [_step(catalogue, event) for event in together]
    return steps


def _joined(events: Sequence[TicketEvent]) -> Step:
    people = ngettext(
        "Eine weitere Person hat das gemeldet.", "%(num)s weitere Personen haben das gemeldet.", len(events)
    )
    return Step(at=events[0].at, title=str(people))


def _step(catalogue: Catalogue, event: TicketEvent) -> Step:
    data = {name: str(value) for name, value in event.data.items()}
    reason = data.get("reason", "")
    status = data.get("after", "received" if event.event == Event.REPORTED else "")
    return Step(
        at=event.at,
        title=_title(catalogue, Event(event.event), data),
        status=status,
        receiver=department_name(catalogue, data["receiver"]) if data.get("receiver") else "",
        reason=str(labels.REASON[reason]) if reason in labels.REASON and reason != "other" else "",
        words=event.text.body
        if event.text is not None and event.text.kind in SAID_IN_PUBLIC and is_released(event.text)
        else "",
    )


def _title(catalogue: Catalogue, event: Event, data: dict[str, str]) -> str:
    if event is Event.TRANSFERRED:
        name = department_name(catalogue, data.get("department", ""))
        return str(gettext("Jetzt zuständig: %(department)s", department=name))
    titles = {
        Event.REPORTED: gettext("Die Meldung ist angekommen."),
        Event.IMPORTED: gettext("Aus dem früheren System übernommen."),
        Event.ANSWERED: gettext("Antwort der Stadt"),
        Event.ADDED: gettext("Eine meldende Person hat etwas ergänzt."),
        Event.REPLIED: gettext("Die Rückfrage ist beantwortet."),
    }
    return str(titles.get(event, ""))
