"""The public map with the list beside it."""

from flask import Blueprint, render_template, request

from maengelmelder.database import db
from maengelmelder.domain.reports import printable
from maengelmelder.house import house
from maengelmelder.store.queries.public import find_tickets
from maengelmelder.web.languages import words_of
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public import showing
from maengelmelder.web.public.filters import chosen, read_kind_filter

blueprint = Blueprint("map", __name__)

BESIDE_THE_MAP = 20


@blueprint.app_template_global()
def has_base_map() -> bool:
    """Whether there is a map under the pins."""
    return bool(house().settings.tiles)


@blueprint.app_template_global()
def categories_for_map() -> dict[str, tuple[str, str]]:
    """Name and icon of each category, so that the map's data need only its key."""
    catalogue = the_catalogue()
    return {
        category.key: (words_of(category.name), catalogue.groups[category.group].icon)
        for category in catalogue.categories.values()
    }


@blueprint.app_template_filter("printable")
def _printable(text: str) -> str:
    return printable(text)


@blueprint.app_context_processor
def _showing() -> dict[str, object]:
    return {"showing": showing, "chosen": chosen}


@blueprint.get("/")
def show() -> str:
    """Map and list; without scripts the list alone, with the same filters."""
    found = find_tickets(db.session(), read_kind_filter(the_catalogue()), BESIDE_THE_MAP + 1)
    return render_template(
        "public/map.html",
        tickets=found[:BESIDE_THE_MAP],
        has_more=len(found) > BESIDE_THE_MAP,
        query=request.args,
    )
