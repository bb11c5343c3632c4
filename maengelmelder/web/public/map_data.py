"""The map's data: single tickets where there are few, cells that count them where there are many."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, request

from maengelmelder.database import db
from maengelmelder.domain.cells import GROUP_CODES, Tile, tiles_of
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import Bounds
from maengelmelder.domain.tickets import GROUPS, Group, Status
from maengelmelder.store.queries.catalogue import find_category_ids
from maengelmelder.store.queries.filtered_view import find_filtered_picture
from maengelmelder.store.queries.map_view import Picture, View, find_picture
from maengelmelder.store.queries.public import Filter
from maengelmelder.web.errors import json_error
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.filters import read_filter, whole_number
from maengelmelder.web.sentences import sentence

blueprint = Blueprint("map_data", __name__, url_prefix="/api/v1")

WORLD = Bounds(-180, -90, 180, 90)
DEFAULT_ZOOM = "14"


@blueprint.get("/map")
def show() -> Response:
    """`{"total", "points": [[number, lon, lat, category, status]…], "cells": [[lon, lat, new, work, done, other]…]}`.

    bbox: west,south,east,north in degrees; zoom: of the map, for 256-pixel tiles; and the filters of every list.
    """
    try:
        wanted = read_filter(the_catalogue())
        zoom = whole_number(request.args.get("zoom", DEFAULT_ZOOM), "zoom")
    except Refusal as refusal:
        return json_error(400, refusal.code, sentence(refusal), {refusal.field or "": sentence(refusal)})
    box = wanted.bounds or WORLD
    picture = _look(wanted, tiles_of(box.west, box.south, box.east, box.north, zoom))
    body = f'{{"total":{picture.total},"points":{picture.points},"cells":{picture.cells}}}'
    return Response(body, mimetype="application/json")


def _look(wanted: Filter, tiles: Sequence[Tile]) -> Picture:
    groups = groups_of(wanted.statuses)
    if groups is None or wanted.since is not None or wanted.words:
        return find_filtered_picture(db.session(), replace(wanted, bounds=None, before=None), tiles)
    return find_picture(db.session(), View(tiles, _ids(wanted.categories), [GROUP_CODES[group] for group in groups]))


def groups_of(statuses: Sequence[Status]) -> list[Group] | None:
    """The groups that these statuses make up; None where some group is only half wanted. No status means every one."""
    if not statuses:
        return list(Group)
    wanted = {GROUPS[status] for status in statuses}
    whole = all(status in statuses for status, group in GROUPS.items() if group in wanted)
    return sorted(wanted) if whole else None


def _ids(keys: Sequence[str] | None) -> Sequence[int] | None:
    """Ids of categories; all of them need no list: the cells count them together."""
    if keys is None or len(keys) == len(the_catalogue().categories):
        return None
    return find_category_ids(db.session(), keys)
