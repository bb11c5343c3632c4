"""The report form as it is shown: empty, prefilled, or given back with everything that was entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, request

from maengelmelder.domain.catalogue import Catalogue, Category
from maengelmelder.domain.city import EmergencyContact
from maengelmelder.domain.city_limits import is_inside
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.photos import MAX_PHOTOS
from maengelmelder.domain.places import Place, place_of
from maengelmelder.domain.reports import MAX_DESCRIPTION, find_category, is_required, printable
from maengelmelder.house import house
from maengelmelder.store.models import Upload
from maengelmelder.web.languages import choose_language, words_of
from maengelmelder.web.public.duplicates import Hint
from maengelmelder.web.public.report_answers import sentences_of
from maengelmelder.web.public.report_fields import TRAP, Sent, new_secret, new_submission, start_mark
from maengelmelder.web.public.usual import usual_categories

KEPT_FIELDS = ("address", "lat", "lon", "accuracy", "description", "email", "emergency")
BEFORE_QUESTIONS = ("form", "photos", "place", "lat", "lon", "address", "category", "joins")
AFTER_QUESTIONS = ("emergency", "description", "email")
LONGEST_SHOWN = 20_000  # characters; enough to give back every text that somebody wrote by hand
# Faults at fields that have no input of their own are said where a person can do something about them.
SAID_AT = {"accuracy": "place", "name": "description"} | dict.fromkeys(
    ("submission", "secret", "secret_hash", "language"), "form"
)


@dataclass(frozen=True)
class Form:
    """What the template needs. errors: sentences by field. checked: keys of kept photos that stay chosen.

    nearby: what may be the same matter. joins: number of the one that was chosen, as it came in.
    """

    submission: str
    secret: str
    values: Mapping[str, str]
    category: Category | None = None
    is_fixed: bool = False
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    uploads: Sequence[Upload] = ()
    checked: frozenset[str] = frozenset()
    photo_hint: Place | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    nearby: Sequence[Hint] = ()
    joins: str = ""

    @property
    def summary(self) -> dict[str, str]:
        """The errors in the order of the form, those of a question with its words before them."""
        questions = self.category.questions if self.category else ()
        named = {f"answer-{question.key}": words_of(question.label) for question in questions}
        order = [*BEFORE_QUESTIONS, *named, *AFTER_QUESTIONS]
        names = sorted(self.errors, key=lambda name: order.index(name) if name in order else 0)
        return {name: f"{named.get(name, '')} {self.errors[name]}".strip() for name in names}


def empty_form(catalogue: Catalogue, category: Category | None, *, is_fixed: bool) -> Form:
    """A fresh form; a link may bring place and address along."""
    values = dict.fromkeys(KEPT_FIELDS, "") | {"address": _shown(request.args.get("address", ""))[:300]}
    try:
        place = place_of(request.args.get("lon", "")[:40], request.args.get("lat", "")[:40])
        values |= {"lat": f"{place.lat:.6f}", "lon": f"{place.lon:.6f}"} if is_inside(catalogue, place) else {}
    except Refusal:
        pass
    return Form(new_submission(), new_secret(), values, category, is_fixed=is_fixed)


def returned_form(
    catalogue: Catalogue,
    sent: Sent,
    uploads: Sequence[Upload],
    checked: set[str],
    photo_place: Place | None,
    faults: Sequence[Refusal],
) -> Form:
    """The form with all that was entered, and a sentence at each fault."""
    values = {name: _shown(request.form.get(name, "")) for name in KEPT_FIELDS}
    return Form(
        submission=sent.submission,
        secret=sent.secret or "",
        values=values,
        category=find_category(catalogue, sent.draft.category),
        is_fixed=bool(request.form.get("fixed")),
        answers={key: [_shown(value) for value in given] for key, given in sent.draft.answers.items()},
        uploads=uploads,
        checked=frozenset(checked),
        photo_hint=_hint(catalogue, photo_place, has_place=sent.draft.place is not None),
        errors=_errors(catalogue, sent, faults),
    )


def render_form(form: Form) -> str:
    """The page."""
    return render_template(
        "public/report.html",
        form=form,
        values=form.values,
        errors=form.errors,
        started=_shown(request.form.get("started", "")) or start_mark(house().now()),
        trap=TRAP,
        language_of_form=choose_language(),
        is_required=is_required,
        contacts_of=contacts_of,
        most_photos=MAX_PHOTOS,
        most_signs=MAX_DESCRIPTION,
        usual=usual_categories(),
    )


def contacts_of(catalogue: Catalogue, category: Category) -> list[EmergencyContact]:
    """Whom to ring; a contact without a number would help nobody."""
    contacts = (catalogue.contacts.get(key) for key in category.emergency.call)
    return [contact for contact in contacts if contact is not None and contact.tel]


def _shown(text: str) -> str:
    return printable(text.replace("\r\n", "\n"))[:LONGEST_SHOWN]


def _hint(catalogue: Catalogue, place: Place | None, *, has_place: bool) -> Place | None:
    """Where the photo says it was taken, if that may be offered; kept from one try to the next."""
    if place is None and request.form.get("photo_hint"):
        lat, _, lon = request.form["photo_hint"][:80].partition(",")
        try:
            place = place_of(lon, lat)
        except Refusal:
            return None
    return place if place is not None and not has_place and is_inside(catalogue, place) else None


def _errors(catalogue: Catalogue, sent: Sent, faults: Sequence[Refusal]) -> dict[str, str]:
    category = find_category(catalogue, sent.draft.category)
    asked = {f"answer-{question.key}" for question in category.questions} if category else set()
    errors: dict[str, str] = {}
    for name, words in sentences_of(faults).items():
        at = SAID_AT.get(name, name)
        at = "category" if at.startswith("answer-") and at not in asked else at
        errors[at] = f"{errors[at]} {words}" if at in errors else words
    return errors
