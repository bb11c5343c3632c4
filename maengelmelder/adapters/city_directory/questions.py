"""The questions of a category, their options, and what an answer causes."""

from collections.abc import Mapping
from typing import get_args

from maengelmelder.adapters.city_directory.fields import Fields
from maengelmelder.adapters.city_directory.keys import is_key, slug
from maengelmelder.adapters.city_directory.nodes import Listing, Scalar, Table
from maengelmelder.adapters.city_directory.problems import suggest
from maengelmelder.adapters.city_directory.reading import Reading
from maengelmelder.domain.catalogue import NO, YES, Option, Question, QuestionType

TYPES: tuple[QuestionType, ...] = get_args(QuestionType)
Path = tuple[str, ...]


def read_questions(reading: Reading, category: Fields, path: Path, required: bool) -> tuple[Question, ...]:
    """The questions of a category, in their order; `required` counts where a question does not say."""
    questions: dict[str, Question] = {}
    for row in category.rows("questions"):
        question = _question(reading, row, category.what, path, required)
        if question.key in questions:
            category.error(row.spot, f'Die Frage "{question.key}" gibt es hier zweimal.')
        questions[question.key] = question
    return tuple(questions.values())


def pick_option(question: Question, answer: Scalar, fields: Fields, naming: str = "") -> str:
    """The key of an option that is named by its key or by its German label; an unknown one is reported.

    naming: stands before the message, where `fields` does not name the question already.
    """
    labels = {option.label.de: option.key for option in question.options}
    keys = {option.key for option in question.options} or ({YES, NO} if question.type == "yesno" else set())
    key = answer.value if answer.value in keys else labels.get(answer.value, "")
    if not key:
        hint = suggest(slug(answer.value) if keys else answer.value, sorted(keys))
        fields.error(answer.spot, f'{naming}Die Antwort "{answer.value}" gibt es nicht.{hint}')
    return key


def _question(reading: Reading, row: Table, category: str, path: Path, required: bool) -> Question:
    with reading.fields(row, category) as fields:
        key = fields.needed("key")
        if key:
            is_key(Scalar(fields.spot_of("key"), key), reading.findings)
            fields.what = f'{category}, Frage "{key}"'
        path = (*path, "questions", key)
        question = Question(
            key=key,
            label=reading.texts.of((*path, "label"), fields.needed("label")),
            type=fields.choice("type", TYPES, "text"),
            options=_options(reading, fields, path),
            required=fields.flag("required", required),
            public=fields.flag("public", True),
        )
        _check_shape(fields, question)
        return _with_consequences(reading, fields, question)


def _with_consequences(reading: Reading, fields: Fields, question: Question) -> Question:
    return Question(
        question.key,
        question.label,
        question.type,
        question.options,
        question.required,
        question.public,
        route_if=_route_if(reading, fields, question),
        unpublish_if=_picked(fields, "unpublish_if", question),
        raise_urgency_if=_picked(fields, "raise_urgency_if", question),
    )


def _check_shape(fields: Fields, question: Question) -> None:
    wants_options = question.type in {"choice", "multi"}
    if not fields.text("type"):
        fields.error(fields.spot, f'"type" fehlt: {", ".join(TYPES)}.')
    elif wants_options and len(question.options) < 2:
        fields.error(fields.spot_of("options"), f'"{question.type}" braucht mindestens zwei Antworten (options).')
    elif question.options and not wants_options:
        fields.error(fields.spot_of("options"), f'"{question.type}" hat keine Antworten zur Auswahl (options).')


def _options(reading: Reading, fields: Fields, path: Path) -> tuple[Option, ...]:
    """Options from `{key: Label}`, or from a plain list of labels, whose keys are then made from the labels."""
    options: dict[str, Option] = {}
    for key, label in _option_pairs(fields):
        if not is_key(key, reading.findings):
            continue
        if key.value in options:
            fields.error(key.spot, f'Die Antwort "{key.value}" gibt es hier zweimal.')
        if not label:
            fields.error(key.spot, f'Der Antwort "{key.value}" fehlt der Text.')
        options[key.value] = Option(key.value, reading.texts.of((*path, "options", key.value), label))
    return tuple(options.values())


def _option_pairs(fields: Fields) -> list[tuple[Scalar, str]]:
    if isinstance(fields.node("options"), Listing):
        return [(Scalar(label.spot, slug(label.value)), label.value) for label in fields.words("options")]
    pairs = []
    for entry in fields.entries("options"):
        if isinstance(entry.node, Scalar):
            pairs.append((entry.key, entry.node.value))
        else:
            fields.error(entry.node.spot, f'Die Antwort "{entry.key.value}" muss ein einfacher Text sein.')
    return pairs


def _route_if(reading: Reading, fields: Fields, question: Question) -> Mapping[str, str]:
    routes = {}
    for entry in fields.entries("route_if"):
        option = pick_option(question, entry.key, fields)
        if not isinstance(entry.node, Scalar):
            fields.error(entry.node.spot, "Hier muss eine Dienststelle stehen.")
        elif option:
            routes[option] = reading.references.expect("Dienststelle", entry.node, fields.what)
    return routes


def _picked(fields: Fields, name: str, question: Question) -> tuple[str, ...]:
    picked = (pick_option(question, answer, fields) for answer in fields.words(name))
    return tuple(dict.fromkeys(key for key in picked if key))
