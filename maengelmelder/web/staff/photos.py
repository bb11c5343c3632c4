"""Photos for staff, released or not: whoever may see the ticket may see them."""

from flask import Response, abort

from maengelmelder.database import db
from maengelmelder.domain.photos import Size, stored_name
from maengelmelder.house import house
from maengelmelder.store.queries.staff import find_photo_for_staff
from maengelmelder.web.staff.door import blueprint, me


@blueprint.get("/foto/<string(maxlength=64):key>/<any(small, large):size>")
def photo(key: str, size: Size) -> Response:
    """One of the two sizes that the worker made; never the original, which still says where the reporter lives."""
    found = find_photo_for_staff(db.session(), me(), key)
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
