"""Photos for staff, released or not: whoever may see the ticket may see them."""

from flask import Response, abort
from sqlalchemy import select

from maengelmelder.database import db
from maengelmelder.domain.photos import Size, stored_name
from maengelmelder.house import house
from maengelmelder.store.models import Photo, Ticket
from maengelmelder.store.queries.tickets import is_visible_to
from maengelmelder.web.staff.door import blueprint, me


@blueprint.get("/foto/<string(maxlength=64):key>/<any(small, large):size>")
def photo(key: str, size: Size) -> Response:
    """One of the two sizes that the worker made; never the original, which still says where the reporter lives."""
    query = select(Photo).join(Ticket).where(Photo.key == key, Photo.state == "ready", is_visible_to(me()))
    found = db.session.scalars(query).first() if key.isascii() and key.isprintable() else None
    if found is None:
        abort(404)
    try:
        data = house().photos.get(stored_name(found.key, size))
    except KeyError:
        abort(404)
    response = Response(data, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
