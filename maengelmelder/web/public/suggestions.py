"""Which category a text speaks of, while somebody is typing it and when it has come in."""

from flask import Blueprint, Response, jsonify, request

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.reports import MAX_DESCRIPTION
from maengelmelder.domain.suggesting import Suggestion, suggest
from maengelmelder.house import house
from maengelmelder.web import limits
from maengelmelder.web.errors import json_error
from maengelmelder.web.headers import PRIVATE
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.sentences import sentence

blueprint = Blueprint("suggestions", __name__, url_prefix="/api/v1")


@blueprint.get("/suggest")
def show() -> Response:
    """At most three categories for `text`, the best first. The text is somebody's own: never kept, cached or logged."""
    limits.demand(limits.SUGGESTIONS, "suggest")
    text = request.args.get("text", "")
    if len(text) > MAX_DESCRIPTION:
        refusal = Refusal("text_too_long", "text", limit=MAX_DESCRIPTION)
        return json_error(400, refusal.code, sentence(refusal), {"text": sentence(refusal)})
    response = jsonify([_one(suggestion) for suggestion in _suggestions_for(text)])
    response.headers["Cache-Control"] = PRIVATE
    return response


def suggested_for(description: str) -> tuple[str, ...] | None:
    """The keys of the categories that we would suggest for a report's text; None without text."""
    if not description.strip():
        return None
    return tuple(suggestion.category for suggestion in _suggestions_for(description))


def _suggestions_for(text: str) -> tuple[Suggestion, ...]:
    return suggest(house().suggester.rank(the_catalogue(), text))


def _one(suggestion: Suggestion) -> dict[str, str | float]:
    category = the_catalogue().categories[suggestion.category]
    return {"category": category.key, "group": category.group, "score": suggestion.score}
