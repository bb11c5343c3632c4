"""The city's crest, as its directory brought it."""

import base64
import hashlib
from mimetypes import guess_type

from flask import Blueprint, Flask, Response, abort, request, url_for

from maengelmelder.web.assets import YEAR
from maengelmelder.web.page import the_catalogue

blueprint = Blueprint("crest", __name__)


@blueprint.get("/wappen")
def show() -> Response:
    """The picture; an SVG opened by itself runs nothing and loads nothing."""
    city = the_catalogue().city
    if not city.crest_image:
        abort(404)
    response = Response(base64.b64decode(city.crest_image), mimetype=guess_type(city.crest)[0])
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response.headers["Cache-Control"] = YEAR if request.args.get("v") else "public, max-age=3600"
    return response


def crest_address() -> str:
    """Where the crest is, with a mark of its content; empty where the city has none."""
    image = the_catalogue().city.crest_image
    return url_for("crest.show", v=hashlib.sha256(image.encode()).hexdigest()[:12]) if image else ""


def offer_crest(app: Flask) -> None:
    """Let templates ask for it."""
    app.jinja_env.globals["crest_address"] = crest_address
