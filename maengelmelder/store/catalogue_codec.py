"""The catalogue's values as JSON documents and back: one place that knows their stored shape."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from maengelmelder.domain import catalogue as c
from maengelmelder.domain import city as t
from maengelmelder.domain.places import Geometry, Place

Document = dict[str, Any]


def to_document(value: Any) -> Any:
    """A value of the catalogue as what JSON can hold."""
    if isinstance(value, t.Text):
        return {"de": value.de, **value.other}
    if is_dataclass(value):
        return {f.name: to_document(getattr(value, f.name)) for f in fields(value) if f.name != "geometry"}
    if isinstance(value, Mapping):
        return {key: to_document(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [to_document(item) for item in value]
    return value


def city_of(document: Document) -> t.City:
    """The city as `to_document` wrote it."""
    document = _known(t.City, document)
    centre = document.pop("centre", None)
    holidays = _known(t.Holidays, document.pop("holidays", {}))
    return t.City(
        **document
        | {
            "name": text_of(document["name"]),
            "centre": Place(**centre) if centre else None,
            "holidays": t.Holidays(**holidays | {"categories": tuple(holidays.get("categories", ("public",)))}),
        }
    )


def department_of(document: Document) -> c.Department:
    """A department as `to_document` wrote it."""
    document = _known(c.Department, document)
    return c.Department(**document | {"name": text_of(document["name"])})


def group_of(document: Document) -> c.Group:
    """A group as `to_document` wrote it."""
    document = _known(c.Group, document)
    season = document.get("season")
    return c.Group(**document | {"label": text_of(document["label"]), "season": tuple(season) if season else None})


def kind_of(document: Document) -> t.Kind:
    """A kind of report as `to_document` wrote it."""
    document = _known(t.Kind, document)
    return t.Kind(**document | {"label": text_of(document["label"])})


def contact_of(document: Document) -> t.EmergencyContact:
    """An emergency contact as `to_document` wrote it."""
    document = _known(t.EmergencyContact, document)
    return t.EmergencyContact(**document | {"label": text_of(document["label"])})


def page_of(document: Document) -> t.Page:
    """A page as `to_document` wrote it."""
    document = _known(t.Page, document)
    return t.Page(document["key"], text_of(document["title"]), text_of(document["body"]))


def category_of(document: Document) -> c.Category:
    """A category as `to_document` wrote it."""
    document = _known(c.Category, document)
    return c.Category(
        **document
        | {
            "name": text_of(document["name"]),
            "cc": tuple(document["cc"]),
            "keywords": tuple(document["keywords"]),
            "other_keywords": {lang: tuple(words) for lang, words in document.get("other_keywords", {}).items()},
            "routes": tuple(c.AreaRoute(**_known(c.AreaRoute, route)) for route in document["routes"]),
            "questions": tuple(_question_of(question) for question in document["questions"]),
            "emergency": _emergency_of(document["emergency"]),
            "photo": c.PhotoRule(**_known(c.PhotoRule, document["photo"])),
            "deadlines": c.Deadlines(**_known(c.Deadlines, document["deadlines"])),
        }
    )


def area_of(document: Document, geometry: Geometry | None) -> c.Area:
    """An area as `to_document` wrote it, with the geometry that stands in a column of its own."""
    document = _known(c.Area, document)
    return c.Area(**document | {"name": text_of(document["name"]), "geometry": geometry})


def text_of(document: Document) -> t.Text:
    """Words in their languages."""
    return t.Text(document["de"], {language: words for language, words in document.items() if language != "de"})


def _question_of(document: Document) -> c.Question:
    document = _known(c.Question, document)
    options = tuple(c.Option(option["key"], text_of(option["label"])) for option in document["options"])
    return c.Question(
        **document
        | {
            "label": text_of(document["label"]),
            "options": options,
            "unpublish_if": tuple(document["unpublish_if"]),
            "raise_urgency_if": tuple(document["raise_urgency_if"]),
        }
    )


def _emergency_of(document: Document) -> c.Emergency:
    document = _known(c.Emergency, document)
    return c.Emergency(
        **document
        | {
            "call": tuple(document["call"]),
            "text": text_of(document["text"]),
            "only_if": {key: tuple(options) for key, options in document["only_if"].items()},
        }
    )


def _known(kind: type, document: Document) -> Document:
    """Only the fields that this version knows: a newer program may have written more."""
    names = {f.name for f in fields(kind)}
    return {key: value for key, value in document.items() if key in names}
