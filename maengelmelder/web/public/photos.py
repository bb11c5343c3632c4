"""Photos that the worker has made showable; originals are never served."""

from flask import Blueprint, Response, abort, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from maengelmelder.database import db
from maengelmelder.domain.photos import KEY, Size, stored_name
from maengelmelder.house import house
from maengelmelder.store.models import Photo
from maengelmelder.store.queries.public import find_photo, find_public_photo

blueprint = Blueprint("photos", __name__)

PURPOSE = "photo-link"
VALID_SECONDS = 3600
RELEASED = "public, max-age=600"  # short: a photo may be taken back
SIGNED = "private, no-store"


@blueprint.get('/foto/<key>/<any("large", "small"):size>')
def show(key: str, size: Size) -> Response:
    """A released photo for everybody; another one only with a link that we signed an hour ago at most."""
    if not KEY.fullmatch(key):
        abort(404)
    photo, caching = find_public_photo(db.session(), key), RELEASED
    if photo is None and _is_signed(key):
        photo, caching = find_photo(db.session(), key), SIGNED
    if photo is None:
        abort(404)
    return photo_answer(photo, size, caching)


def photo_answer(photo: Photo, size: Size, caching: str) -> Response:
    """The picture itself, as a file that a browser can do nothing else with."""
    try:
        data = house().photos.get(stored_name(photo.key, size))
    except KeyError:
        abort(404)
    response = Response(data, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = caching
    response.headers["Content-Disposition"] = "inline"
    return response


@blueprint.app_template_global()
def signed_photo(photo: Photo, size: Size) -> str:
    """An address of an unreleased photo for the one who may see it; it ends after an hour."""
    return url_for("photos.show", key=photo.key, size=size, sig=_signer().dumps(photo.key))


def _is_signed(key: str) -> bool:
    try:
        return bool(_signer().loads(request.args.get("sig", ""), max_age=VALID_SECONDS) == key)
    except BadData:
        return False


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(house().settings.secret_key, salt=PURPOSE)
