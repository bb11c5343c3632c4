"""What makes the site work without a network: the service worker, the pages that only it shows, the manifest."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request, url_for
from flask_babel import gettext

from maengelmelder.database import db
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.store.queries.catalogue import get_revision
from maengelmelder.web.assets import BUNDLES, asset
from maengelmelder.web.languages import DEFAULT, languages, the_language, words_of
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.public.crest import crest_address
from maengelmelder.web.public.own_door import private

blueprint = Blueprint("service_worker", __name__)

WORKER = f"{BUNDLES}/sw.js"
ICON_SIZES = 192, 512
NOT_FOR_CITIZENS = "staff.js"
# Pages that are the same for everyone, though no proxy may keep them (they follow the visitor's language).
PAGES = "/melden", "/melden/fragen", "/meine", "/meine/wartet", "/offline"
CITY_PAGES = "hilfe", "leichte-sprache"


@blueprint.get("/sw.js")
def worker() -> Response:
    """The service worker, with the list of what it keeps in front; 404 where no bundles were made."""
    path = Path(current_app.static_folder or "") / WORKER
    if not path.exists():
        abort(404)
    city = {"files": _files(), "pages": _pages(the_catalogue()), "languages": _tags()}
    code = path.read_text(encoding="utf-8")
    version = _mark(code, json.dumps(city), str(get_revision(db.session())), _mark_of_words())
    front = json.dumps(city | {"version": version})
    response = Response(f"const city = {front};\n{code}", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(version)
    response.make_conditional(request)
    return response


@blueprint.get("/offline")
def offline() -> str:
    """What a page says that cannot be had without a network."""
    return render_template("public/offline.html")


@blueprint.get("/meine/wartet")
def waiting() -> Response:
    """Stands in for a status page while the city cannot be reached; the device fills it."""
    return private(render_template("public/own_waiting.html", is_offline=True))


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a phone needs to put the site on its home screen."""
    city, language = the_catalogue().city, the_language()
    name = gettext("Mängelmelder %(city)s", city=words_of(city.name))
    response = jsonify(
        id="/",
        name=name,
        short_name=gettext("Mängelmelder"),
        description=gettext("Schäden und Mängel in der Stadt melden, auch ohne Netz"),
        lang=language.tag,
        dir=language.direction,
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#ffffff",
        theme_color=city.accent,
        categories=["government", "utilities"],
        icons=_icons(),
        shortcuts=[
            _shortcut(gettext("Mangel melden"), url_for("report.show")),
            _shortcut(gettext("Meine Meldungen"), url_for("own.listing")),
        ],
    )
    response.mimetype = "application/manifest+json"
    return response


def _icons() -> list[dict[str, str]]:
    pictures = [
        {"src": asset(f"img/{kind}-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for kind, purpose in (("icon", "any"), ("maskable", "maskable"))
        for size in ICON_SIZES
    ]
    return [*pictures, {"src": asset("img/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]


def _shortcut(name: str, address: str) -> dict[str, object]:
    return {"name": name, "url": address, "icons": [{"src": asset("img/icon-192.png"), "sizes": "192x192"}]}


def _files() -> list[str]:
    """Everything that citizens' pages load, by its marked address."""
    folder = Path(current_app.static_folder or "")
    scripts = sorted(path.name for path in (folder / BUNDLES / "js").glob("*.js") if path.name != NOT_FOR_CITIZENS)
    parts = [url_for("static", filename=f"{BUNDLES}/js/{name}") for name in scripts if name.startswith("part-")]
    entries = [asset(f"js/{name}") for name in scripts if not name.startswith("part-")]
    others = ("css/public.css", "icons.svg", "img/icon.svg", "vendor/leaflet/leaflet.js", "vendor/leaflet/leaflet.css")
    crest = [crest_address()] if crest_address() else []
    return [*entries, *parts, *map(asset, others), *crest, "/stadt.css", url_for("open_data.boundary")]


def _pages(catalogue: Catalogue) -> list[str]:
    return [*PAGES, *(f"/{key}" for key in CITY_PAGES if key in catalogue.pages)]


def _tags() -> list[str]:
    """The languages, German first: what a page is kept in when nobody has chosen."""
    found = languages()
    return [found[DEFAULT].tag, *(language.tag for code, language in found.items() if code != DEFAULT)]


@lru_cache(maxsize=1)
def _mark_of_words() -> str:
    """A mark of the templates and the translations, which change the kept pages too."""
    root = Path(current_app.root_path)
    paths = sorted([*(root.parent / "templates").rglob("*.html"), *(root / "translations").rglob("*.mo")])
    return _mark(*(hashlib.sha256(path.read_bytes()).hexdigest() for path in paths))


def _mark(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
