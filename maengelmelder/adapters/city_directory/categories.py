"""`catalogue.yaml`: kinds of reports, groups (tiles), and the categories."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, get_args

from maengelmelder.adapters.city_directory.fields import Fields
from maengelmelder.adapters.city_directory.keys import is_key
from maengelmelder.adapters.city_directory.nodes import Scalar, Table
from maengelmelder.adapters.city_directory.questions import pick_option, read_questions
from maengelmelder.adapters.city_directory.reading import Reading
from maengelmelder.domain.catalogue import (
    AreaRoute,
    Category,
    Deadlines,
    Emergency,
    EmergencyLevel,
    PhotoRule,
    Question,
    Urgency,
)
from maengelmelder.domain.city import Text

PhotoPublish = Literal["after_review", "never", "never_if_flagged"]
LEVELS: tuple[EmergencyLevel, ...] = get_args(EmergencyLevel)
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
PUBLISH: tuple[PhotoPublish, ...] = get_args(PhotoPublish)
ROUTE_AS = ("responsible", "cc")
DEADLINES = ("triage_wd", "answer_wd", "secure_h", "target_wd")
EMPTY = Category("", "", Text(""), "")


def read_defaults(reading: Reading, file: Fields) -> tuple[Category, bool]:
    """What counts for every category that says nothing else: a pattern category, and whether questions are required."""
    node = file.node("defaults")
    if node is None:
        return EMPTY, False
    with reading.fields(node, "Vorgaben (defaults)") as fields:
        required = False
        if (question := fields.node("question")) is not None:
            with reading.fields(question, fields.what) as entry:
                required = entry.flag("required", False)
        return _common(reading, fields, EMPTY, (), ()), required


def read_categories(reading: Reading, file: Fields, defaults: Category, required: bool) -> dict[str, Category]:
    """The categories by key, in the city's order."""
    categories: dict[str, Category] = {}
    for row in file.rows("categories"):
        category = _category(reading, row, defaults, required)
        if category.key in categories:
            file.error(row.spot, f'Die Kategorie "{category.key}" gibt es zweimal.')
        categories[category.key] = category
    if not categories:
        file.error(file.spot_of("categories"), "Es muss mindestens eine Kategorie geben.")
    reading.references.declare("Kategorie", categories)
    return categories


def _category(reading: Reading, row: Table, defaults: Category, required: bool) -> Category:
    with reading.fields(row, "Kategorie") as fields:
        key = fields.needed("key")
        if key:
            is_key(Scalar(fields.spot_of("key"), key), reading.findings)
            fields.what = f'Kategorie "{key}"'
        path = ("categories", key)
        questions = read_questions(reading, fields, path, required)
        common = _common(reading, fields, defaults, path, questions)
        fields.needed("group")
        fields.needed("department")
        return replace(
            common,
            key=key,
            name=reading.texts.of((*path, "name"), fields.needed("name")),
            questions=questions,
            group=reading.references.expect("Gruppe", fields.scalar("group"), fields.what),
            department=reading.references.expect("Dienststelle", fields.scalar("department"), fields.what),
            **_responsibility(reading, fields),
            **_background(reading, fields, path),
        )


def _common(
    reading: Reading, fields: Fields, base: Category, path: tuple[str, ...], questions: tuple[Question, ...]
) -> Category:
    """What a category may say or leave to the defaults."""
    kind = reading.references.expect("Meldungsart", fields.scalar("kind"), fields.what)
    return replace(
        base,
        kind=kind or base.kind,
        public=fields.flag("public", base.public),
        urgency=fields.choice("urgency", URGENCIES, base.urgency),
        deadlines=_deadlines(reading, fields, base.deadlines),
        photo=_photo(reading, fields, base.photo),
        emergency=_emergency(reading, fields, base.emergency, path, questions),
    )


def _responsibility(reading: Reading, fields: Fields) -> dict[str, Any]:
    copies = (reading.references.expect("Dienststelle", key, fields.what) for key in fields.words("cc"))
    return {"cc": tuple(copies), "routes": tuple(_route(reading, row, fields.what) for row in fields.rows("route"))}


def _background(reading: Reading, fields: Fields, path: tuple[str, ...]) -> dict[str, Any]:
    """What finds, explains and retires a category."""
    successor = reading.references.expect("Kategorie", fields.scalar("successor"), fields.what)
    if successor and successor == path[-1]:
        fields.error(fields.spot_of("successor"), "Eine Kategorie kann nicht ihre eigene Nachfolgerin sein.")
    return {
        "keywords": tuple(word.value for word in fields.words("keywords") if word.value),
        "other_keywords": reading.texts.words_of((*path, "keywords")),
        "note": fields.text("note"),
        "leika": fields.text("leika", limit=20),
        "successor": successor,
        "active": fields.flag("active", True),
    }


def _route(reading: Reading, row: Table, what: str) -> AreaRoute:
    with reading.fields(row, f"{what}, route") as fields:
        fields.needed("area")
        fields.needed("department")
        return AreaRoute(
            reading.references.expect("Gebiet", fields.scalar("area"), what),
            reading.references.expect("Dienststelle", fields.scalar("department"), what),
            as_cc=fields.choice("as", ROUTE_AS, "responsible") == "cc",
        )


def _deadlines(reading: Reading, category: Fields, base: Deadlines) -> Deadlines:
    node = category.node("sla")
    if node is None:
        return base
    with reading.fields(node, f"{category.what}, sla") as fields:
        return Deadlines(**{name: fields.whole(name, getattr(base, name), 2000) for name in DEADLINES})


def _photo(reading: Reading, category: Fields, base: PhotoRule) -> PhotoRule:
    node = category.node("photo")
    if node is None:
        return base
    with reading.fields(node, f"{category.what}, photo") as fields:
        most = fields.whole("max", base.max, 3)
        return PhotoRule(base.max if most is None else most, fields.choice("publish", PUBLISH, base.publish))


def _emergency(
    reading: Reading, category: Fields, base: Emergency, path: tuple[str, ...], questions: tuple[Question, ...]
) -> Emergency:
    node = category.node("emergency")
    if node is None:
        return base
    with reading.fields(node, f"{category.what}, emergency") as fields:
        level = fields.choice("level", LEVELS, base.level)
        fields.needed("level")
        german = fields.text("text", limit=1000) if level == "none" else fields.needed("text", limit=1000)
        text = reading.texts.of((*path, "emergency"), german)
        call = (reading.references.expect("Notfallkontakt", key, category.what) for key in fields.words("call"))
        return Emergency(level, tuple(call), text, _only_if(fields, questions))


def _only_if(fields: Fields, questions: tuple[Question, ...]) -> Mapping[str, tuple[str, ...]]:
    conditions = {}
    known = {question.key: question for question in questions}
    with Fields(fields.node("only_if") or Table(fields.spot), fields.findings, fields.what) as only_if:
        for entry in only_if.all_entries():
            name = entry.key.value
            if name not in known:
                fields.error(entry.key.spot, f'Die Frage "{name}" gibt es in dieser Kategorie nicht.')
                continue
            naming = f'Frage "{name}": '
            picked = (pick_option(known[name], answer, fields, naming) for answer in only_if.words(name))
            conditions[name] = tuple(key for key in picked if key)
    return conditions
