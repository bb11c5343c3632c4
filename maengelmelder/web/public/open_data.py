"""The public tickets and the catalogue for machines."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from maengelmelder.database import db
from maengelmelder.domain.catalogue import NO, YES, Category, Question
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.reports import is_required
from maengelmelder.domain.tickets import GROUPS
from maengelmelder.house import house
from maengelmelder.store.queries.public import Pin, find_pins
from maengelmelder.web.addresses import address_with
from maengelmelder.web.errors import json_error
from maengelmelder.web.languages import choose_language, words_of
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.filters import read_filter, whole_number
from maengelmelder.web.sentences import sentence

blueprint = Blueprint("open_data", __name__, url_prefix="/api/v1")

MOST_PINS = 1000


@blueprint.get("/tickets")
def tickets() -> Response:
    """Public tickets as GeoJSON (RFC 7946), the newest first; `next` leads to the older ones."""
    try:
        wanted = read_filter(the_catalogue())
        limit = min(MOST_PINS, whole_number(request.args.get("limit", str(MOST_PINS)), "limit"))
    except Refusal as refusal:
        return json_error(400, refusal.code, sentence(refusal), {refusal.field or "": sentence(refusal)})
    pins = find_pins(db.session(), wanted, limit + 1)
    answer: dict[str, Any] = {"type": "FeatureCollection", "features": [_feature(pin) for pin in pins[:limit]]}
    if 0 < limit < len(pins):
        query = request.args.to_dict(flat=False) | {"before": [str(pins[limit - 1].number)]}
        answer["next"] = house().settings.base_url + address_with("open_data.tickets", query)
    response = jsonify(answer)
    response.mimetype = "application/geo+json"
    return response


def _feature(pin: Pin) -> dict[str, Any]:
    category = the_catalogue().categories.get(pin.category)
    return {
        "type": "Feature",
        "id": pin.number,
        "geometry": {"type": "Point", "coordinates": [pin.place.lon, pin.place.lat]},
        "properties": {
            "number": pin.number,
            "category": pin.category,
            "category_name": words_of(category.name) if category else pin.category,
            "group": category.group if category else "",
            "status": pin.status,
            "status_group": GROUPS[pin.status],
            "at": pin.at.isoformat(),
            "url": f"{house().settings.base_url}/vorgang/{pin.number}",
        },
    }


@blueprint.get("/boundary")
def boundary() -> Response:
    """The city's boundary as GeoJSON, for drawing; without one, nothing."""
    area = the_catalogue().boundary
    polygons = area.geometry.polygons if area and area.geometry else ()
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    response = jsonify(type="Feature", geometry=geometry, properties={"source": the_catalogue().city.attribution})
    response.mimetype = "application/geo+json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@blueprint.get("/categories")
def categories() -> Response:
    """What can be reported: groups, categories, their questions and emergency steps, in one language."""
    catalogue = the_catalogue()
    return jsonify(
        language=choose_language(),
        groups=[
            {
                "key": group.key,
                "label": words_of(group.label),
                "icon": group.icon,
                "season": group.season,
                "categories": [category.key for category in catalogue.active_in(group.key)],
            }
            for group in catalogue.groups.values()
        ],
        categories=[_category(category) for category in catalogue.categories.values() if category.active],
    )


def _category(category: Category) -> dict[str, Any]:
    emergency = category.emergency
    contacts = [the_catalogue().contacts[key] for key in emergency.call if key in the_catalogue().contacts]
    return {
        "key": category.key,
        "group": category.group,
        "name": words_of(category.name),
        "kind": category.kind,
        "public": category.public,
        "photos": category.photo.max,
        "keywords": [*category.keywords, *(word for words in category.other_keywords.values() for word in words)],
        "questions": [_question(category, question) for question in category.questions],
        "emergency": {
            "level": emergency.level,
            "text": words_of(emergency.text),
            "call": [{"label": words_of(contact.label), "tel": contact.tel} for contact in contacts if contact.tel],
            "only_if": {key: list(options) for key, options in emergency.only_if.items()},
        },
    }


def _question(category: Category, question: Question) -> dict[str, Any]:
    options = [{"key": option.key, "label": words_of(option.label)} for option in question.options]
    return {
        "key": question.key,
        "label": words_of(question.label),
        "type": question.type,
        "required": is_required(category, question),
        "public": question.public,
        "options": [{"key": YES, "label": YES}, {"key": NO, "label": NO}] if question.type == "yesno" else options,
    }
