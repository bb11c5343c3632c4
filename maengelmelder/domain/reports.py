"""What makes a report acceptable, and what follows from it."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from maengelmelder.domain.catalogue import NO, YES, Catalogue, Category, Question
from maengelmelder.domain.city_limits import find_place_fault
from maengelmelder.domain.errors import Refusal, Refusals
from maengelmelder.domain.places import MAX_ACCURACY_M, Place

MAX_DESCRIPTION = 4000  # characters; GeoReport v2 names the same bound
MAX_ANSWER = 500
MAX_ADDRESS = 300
MAX_NAME = 100

Publish = Literal["review", "immediate"]
Channel = Literal["web", "api", "open311", "phone", "counter", "letter", "mail", "patrol", "import"]

EMERGENCY_ANSWERS = ("called", "no_danger")


@dataclass(frozen=True)
class Draft:
    """What somebody wants to report, as it came in; answers by question key, options by key or by label."""

    category: str = ""
    place: Place | None = None
    accuracy_m: float | None = None
    address: str = ""
    description: str = ""
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    emergency: str = ""
    name: str = ""
    photos: int = 0


@dataclass(frozen=True)
class Accepted:
    """A report that may be stored: its category (perhaps the successor), its answers as option keys."""

    category: Category
    answers: Mapping[str, tuple[str, ...]]
    urgency: str


def decide_report(catalogue: Catalogue, draft: Draft, *, from_form: bool = True, at_hand: bool = True) -> Accepted:
    """Whether a report can be taken.

    from_form: the public form also demands a text or a photo. at_hand: somebody is there to answer the emergency
    step and the required questions (False for imports and foreign systems). A retired category's report, perhaps kept
    on a phone for days, was asked other questions than the successor's: of its answers those that fit are taken.
    Raises Refusals with every fault at once, in the order of the form.
    """
    faults: list[Refusal] = []
    category = find_category(catalogue, draft.category)
    if category is None:
        faults.append(Refusal("category_unknown" if draft.category else "category_missing", "category"))
    faults += _place_faults(catalogue, draft)
    answers: dict[str, tuple[str, ...]] = {}
    if category is not None:
        faults += _photo_faults(category, draft.photos)
        if category.key == draft.category:
            answers = _read_answers(category, draft.answers, faults, at_hand)
        else:
            answers = _fitting_answers(category, draft.answers)
        if at_hand and needs_stop(category, answers) and draft.emergency not in EMERGENCY_ANSWERS:
            faults.append(Refusal("emergency_unanswered", "emergency"))
    faults += _text_faults(draft, from_form)
    if faults or category is None:
        raise Refusals(faults)
    return Accepted(category, answers, _urgency(category, answers))


def decide_joining(category: Category, draft: Draft) -> None:
    """Whether these words and photos may be added to a ticket of the category; none at all are fine.

    Place, questions and emergency step are the ticket's. Raises Refusals.
    """
    faults = [*_photo_faults(category, draft.photos), *_text_faults(draft, from_form=False)]
    if faults:
        raise Refusals(faults)


def find_category(catalogue: Catalogue, key: str) -> Category | None:
    """The category with this key; a retired one leads to its successor, or else to the desk's category."""
    category = catalogue.categories.get(key)
    seen = set()
    while category is not None and not category.active and category.key not in seen:
        seen.add(category.key)
        category = catalogue.categories.get(category.successor)
    if category is not None and category.active:
        return category
    return _desk_category(catalogue) if key in catalogue.categories else None


def _desk_category(catalogue: Catalogue) -> Category | None:
    active = (c for c in catalogue.categories.values() if c.active and c.department == catalogue.city.desk)
    return next(active, None)


def is_required(category: Category, question: Question) -> bool:
    """A question must be answered where the city says so, and where an emergency step depends on it."""
    depends = category.emergency.level == "stop" and question.key in category.emergency.only_if
    return question.required or depends


def needs_stop(category: Category, answers: Mapping[str, Sequence[str]]) -> bool:
    """Whether "I have rung" or "there is no danger" must be said before this report is taken."""
    emergency = category.emergency
    if emergency.level != "stop":
        return False
    if not emergency.only_if:
        return True
    return any(set(answers.get(key, ())) & set(options) for key, options in emergency.only_if.items())


def is_printable(text: str) -> bool:
    """Whether a text holds only characters that XML 1.0, JSON and PostgreSQL can carry: no NUL, no lone surrogate."""
    return all(_is_printable(character) for character in text)


def printable(text: str) -> str:
    """The text without the characters that `is_printable` objects to, for showing it again."""
    return "".join(character for character in text if _is_printable(character))


def _is_printable(character: str) -> bool:
    if character in "\n\r\t":
        return True
    return unicodedata.category(character) not in ("Cc", "Cs") and ord(character) & 0xFFFE != 0xFFFE


def is_published(category: Category, answers: Mapping[str, Sequence[str]]) -> bool:
    """Whether pin, category and status are public at once; some categories and some answers never are."""
    flagged = any(set(answers.get(q.key, ())) & set(q.unpublish_if) for q in category.questions)
    return category.public and not flagged


def may_show_photos(category: Category, answers: Mapping[str, Sequence[str]]) -> bool:
    """Whether a photo of this report may ever be released."""
    return category.photo.publish != "never" and is_published(category, answers)


def shows_at_once(publish: Publish, category: Category, answers: Mapping[str, Sequence[str]]) -> bool:
    """Whether text and photos are public without a clerk: only if the city chose so, and never against the category."""
    return publish == "immediate" and is_published(category, answers)


def _place_faults(catalogue: Catalogue, draft: Draft) -> Iterator[Refusal]:
    if draft.place is None and not draft.address.strip():
        yield Refusal("place_missing", "place")
    outside = None if draft.place is None else find_place_fault(catalogue, draft.place)
    if outside is not None:
        yield outside
    accuracy = draft.accuracy_m
    if accuracy is not None and not 0 <= accuracy <= MAX_ACCURACY_M:
        yield Refusal("accuracy_not_a_number", "accuracy")
    if len(draft.address) > MAX_ADDRESS:
        yield Refusal("text_too_long", "address", limit=MAX_ADDRESS)
    if not is_printable(draft.address):
        yield Refusal("text_not_printable", "address")


def _photo_faults(category: Category, photos: int) -> Iterator[Refusal]:
    if photos and category.photo.max == 0:
        yield Refusal("photos_not_wanted", "photos")
    elif photos > category.photo.max:
        yield Refusal("photos_too_many", "photos", limit=category.photo.max)


def _text_faults(draft: Draft, from_form: bool) -> Iterator[Refusal]:
    if from_form and not draft.description.strip() and not draft.photos:
        yield Refusal("text_or_photo_missing", "description")
    for field_name, text, limit in (
        ("description", draft.description, MAX_DESCRIPTION),
        ("name", draft.name, MAX_NAME),
    ):
        if len(text) > limit:
            yield Refusal("text_too_long", field_name, limit=limit, length=len(text))
        if not is_printable(text):
            yield Refusal("text_not_printable", field_name)


def _read_answers(
    category: Category, given: Mapping[str, Sequence[str]], faults: list[Refusal], at_hand: bool
) -> dict[str, tuple[str, ...]]:
    """The answers as option keys; every fault is appended to `faults`."""
    faults += [Refusal("question_unknown", f"answer-{key}") for key in given if category.find_question(key) is None]
    answers = {}
    for question in category.questions:
        try:
            values = _read_answer(question, [value.strip() for value in given.get(question.key, ())])
        except Refusal as fault:
            faults.append(fault)
            continue
        if values:
            answers[question.key] = values
        elif at_hand and is_required(category, question):
            faults.append(Refusal("answer_required", f"answer-{question.key}"))
    return answers


def _fitting_answers(category: Category, given: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """What the successor of a retired category asks too, and in the same way."""
    faults: list[Refusal] = []
    known = {question.key: given[question.key] for question in category.questions if question.key in given}
    return _read_answers(category, known, faults, at_hand=False)


def _read_answer(question: Question, values: list[str]) -> tuple[str, ...]:
    values = [value for value in values if value]
    name = f"answer-{question.key}"
    if question.type != "multi" and len(values) > 1:
        raise Refusal("answer_single", name)
    if question.type == "text":
        return tuple(_read_words(value, name) for value in values)
    known = _known_options(question)
    if any(value not in known for value in values):
        raise Refusal("answer_unknown", name)
    return tuple(dict.fromkeys(known[value] for value in values))


def _read_words(value: str, name: str) -> str:
    if len(value) > MAX_ANSWER:
        raise Refusal("text_too_long", name, limit=MAX_ANSWER, length=len(value))
    if not is_printable(value):
        raise Refusal("text_not_printable", name)
    return value


def _known_options(question: Question) -> dict[str, str]:
    """Option keys by what may stand for them: the key itself, or its label in any language."""
    if question.type == "yesno":
        return {YES: YES, NO: NO}
    labels = {label: o.key for o in question.options for label in (o.label.de, *o.label.other.values())}
    return labels | {option.key: option.key for option in question.options}


def _urgency(category: Category, answers: Mapping[str, Sequence[str]]) -> str:
    raised = any(set(answers.get(q.key, ())) & set(q.raise_urgency_if) for q in category.questions)
    return "hoch" if raised else category.urgency
