"""What may be the same matter near a place, before it is reported twice."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, request, url_for
from flask_babel import format_timedelta, gettext

from maengelmelder.adapters.suggesting.german import stem
from maengelmelder.database import db
from maengelmelder.domain.catalogue import Catalogue, Category
from maengelmelder.domain.city_limits import find_place_fault
from maengelmelder.domain.duplicates import Duplicate, Sighting, must_stop, rank_duplicates, related_categories
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import MAX_ACCURACY_M, Place, place_of
from maengelmelder.domain.reports import MAX_DESCRIPTION, find_category, printable
from maengelmelder.house import house
from maengelmelder.store.queries.nearby import Nearby, find_nearby
from maengelmelder.web import labels, limits
from maengelmelder.web.errors import json_error
from maengelmelder.web.headers import PRIVATE
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.showing import affected_words, category_name, department_name
from maengelmelder.web.sentences import sentence

blueprint = Blueprint("duplicates", __name__, url_prefix="/api/v1")

ROUND_M = 5  # a more exact distance would pretend to know more than a phone does
LONGEST_EXCERPT = 200  # characters
LONGEST_NUMBER = 40
A_MINUTE = "private, max-age=60"  # private: whoever asks may be standing there


@dataclass(frozen=True)
class Hint:
    """A card: a public ticket that may be the same matter, in words of this request's language.

    distance: metres, to the nearest five. photo: address of a released one; photo_waits: one is still looked at.
    text: the beginning of the released description. affected: how many people reported it or joined.
    """

    number: int
    category: str
    category_name: str
    status: str
    status_words: str
    receiver: str
    distance: int
    age_words: str
    affected: int
    affected_words: str
    photo: str | None
    photo_waits: bool
    text: str | None
    url: str


@blueprint.get("/duplicates")
def show() -> Response:
    """At most two public tickets near `lat`, `lon` that a report of `category` may be about, the likeliest first.

    accuracy (metres) lets a blurred position look further; `text` lets alike words count.
    """
    limits.demand(limits.DUPLICATES, "duplicates")
    try:
        sighting = _read_sighting(the_catalogue())
    except Refusal as refusal:
        return json_error(400, refusal.code, sentence(refusal), {refusal.field or "": sentence(refusal)})
    response = jsonify([asdict(hint) for hint in hints_for(the_catalogue(), sighting)])
    response.headers["Cache-Control"] = PRIVATE if sighting.text else A_MINUTE
    return response


def hints_for(catalogue: Catalogue, sighting: Sighting) -> list[Hint]:
    """The cards for what somebody is about to report; none for a place outside the city."""
    if must_stop(sighting.category) or find_place_fault(catalogue, sighting.place) is not None:
        return []
    now = house().now()
    keys = related_categories(catalogue, sighting.category)
    found = {one.candidate.number: one for one in find_nearby(db.session(), sighting.place, keys, now)}
    ranked = rank_duplicates(catalogue, sighting, (one.candidate for one in found.values()), now, stem)
    return [_hint(catalogue, one, found[one.candidate.number], now) for one in ranked]


def _hint(catalogue: Catalogue, duplicate: Duplicate, nearby: Nearby, now: datetime) -> Hint:
    candidate = duplicate.candidate
    words = printable(candidate.text)[:LONGEST_EXCERPT]
    return Hint(
        number=candidate.number,
        category=candidate.category,
        category_name=category_name(catalogue, candidate.category),
        status=candidate.status,
        status_words=_status_words(catalogue, nearby),
        receiver=department_name(catalogue, nearby.receiver) if nearby.receiver else "",
        distance=round(duplicate.metres / ROUND_M) * ROUND_M,
        age_words=_age_words(catalogue, candidate.reported_at, now),
        affected=nearby.affected,
        affected_words=affected_words(nearby.affected),
        photo=url_for("photos.show", key=nearby.photo, size="small") if nearby.photo else None,
        photo_waits=nearby.photo_waits and not nearby.photo,
        text=words or None,
        url=url_for("tickets.ticket", number=candidate.number),
    )


def _status_words(catalogue: Catalogue, nearby: Nearby) -> str:
    if nearby.receiver:
        receiver = department_name(catalogue, nearby.receiver)
        return str(gettext("Weitergegeben an %(receiver)s", receiver=receiver))
    return str(labels.STATUS[nearby.candidate.status])


def _age_words(catalogue: Catalogue, reported_at: datetime, now: datetime) -> str:
    zone = ZoneInfo(catalogue.city.timezone)
    days = (now.astimezone(zone).date() - reported_at.astimezone(zone).date()).days
    if days < 1:
        return str(gettext("heute gemeldet"))
    if days == 1:
        return str(gettext("gestern gemeldet"))
    ago = format_timedelta(timedelta(days=-days), granularity="day", add_direction=True)
    return str(gettext("%(ago)s gemeldet", ago=ago))


def _read_sighting(catalogue: Catalogue) -> Sighting:
    text = request.args.get("text", "")
    if len(text) > MAX_DESCRIPTION:
        raise Refusal("text_too_long", "text", limit=MAX_DESCRIPTION)
    return Sighting(_read_category(catalogue), _read_place(), _read_accuracy(), text.strip())


def _read_category(catalogue: Catalogue) -> Category:
    key = request.args.get("category", "")
    category = find_category(catalogue, key)
    if category is None:
        raise Refusal("category_unknown" if key else "category_missing", "category")
    return category


def _read_place() -> Place:
    lat, lon = (request.args.get(name, "").strip()[:LONGEST_NUMBER] for name in ("lat", "lon"))
    if not lat or not lon:
        raise Refusal("place_incomplete" if lat or lon else "place_missing", "lon" if lat else "lat")
    return place_of(lon, lat)


def _read_accuracy() -> float | None:
    text = request.args.get("accuracy", "").strip()[:LONGEST_NUMBER]
    try:
        metres = float(text.replace(",", ".")) if text else None
    except ValueError:
        raise Refusal("accuracy_not_a_number", "accuracy") from None
    if metres is not None and not 0 <= metres <= MAX_ACCURACY_M:
        raise Refusal("accuracy_not_a_number", "accuracy")
    return metres
