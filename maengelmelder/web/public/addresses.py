"""Looking up addresses while the place of a report is chosen."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext

from maengelmelder.database import db
from maengelmelder.domain.addresses import LONGEST_TYPED, Address, nearby
from maengelmelder.domain.city_limits import find_place_fault
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.places import place_of
from maengelmelder.house import house
from maengelmelder.services.reporting.locate import find_address_at, find_suggestions
from maengelmelder.store.queries.addresses import find_attributions
from maengelmelder.web.errors import json_error
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.report_fields import LONGEST_COORDINATE
from maengelmelder.web.sentences import sentence

blueprint = Blueprint("addresses", __name__, url_prefix="/api/v1/addresses")

MOST = 8
GEOCODERS_SOURCE = "© OpenStreetMap"  # what both Nominatim and Photon search in


@blueprint.app_template_global()
def address_sources() -> str:
    """Whom to name beside a map because addresses came from there (ODbL 1.0, section 4.3)."""
    sources = {*find_attributions(db.session()), *([GEOCODERS_SOURCE] if house().geocoder else [])}
    return ", ".join(sorted(sources))


@blueprint.app_template_global()
def has_geocoder() -> bool:
    """Whether a whole address may be searched for beyond the city's own list."""
    return house().geocoder is not None


@blueprint.get("")
def search() -> Response:
    """At most eight addresses, streets or named places that `q` may mean, the likeliest first; typos are forgiven.

    whole: `1` when nothing more will be typed; only then is a geocoder asked that must not follow every key.
    """
    typed, is_whole = request.args.get("q", "")[:LONGEST_TYPED], request.args.get("whole") == "1"
    found = find_suggestions(db.session(), the_catalogue(), house().geocoder, typed, MOST, is_whole=is_whole)
    response = jsonify([_suggestion(address) for address in found])
    response.headers["Cache-Control"] = "public, max-age=3600" if found else "no-store"  # a geocoder may come back
    return response


def _suggestion(address: Address) -> dict[str, Any]:
    return {"label": address.label, "lon": address.place.lon, "lat": address.place.lat}


@blueprint.get("/nearest")
def nearest() -> Response:
    """Words for a place, whether the city takes reports there, and if not, who does."""
    try:
        lon, lat = (request.args.get(name, "")[:LONGEST_COORDINATE] for name in ("lon", "lat"))
        place = place_of(lon, lat)
    except Refusal as refusal:
        return json_error(400, refusal.code, sentence(refusal), {refusal.field or "": sentence(refusal)})
    fault = find_place_fault(the_catalogue(), place)
    address = find_address_at(db.session(), the_catalogue(), house().geocoder, place)
    response = jsonify(
        label=_words(address) if address else None,
        inside=fault is None,
        message=sentence(fault) if fault else None,
    )
    response.headers["Cache-Control"] = "private, max-age=300"  # private: whoever looks here may be standing here
    return response


def _words(address: Address) -> str:
    is_street = nearby(address) == address.street
    return address.street if is_street else gettext("bei %(address)s", address=address.short)
