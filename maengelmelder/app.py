"""The one place that knows everyone: puts settings, database, adapters and doors together."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from maengelmelder.adapters.geocoding import geocoder_for
from maengelmelder.adapters.mailing import mailer_for
from maengelmelder.adapters.photo_files import PhotoFiles
from maengelmelder.adapters.photo_sizes import PhotoSizer
from maengelmelder.adapters.suggesting.suggester import LocalSuggester
from maengelmelder.database import db, migrate
from maengelmelder.house import KEY, House
from maengelmelder.settings import ROOT, Settings, read_settings
from maengelmelder.store import engine
from maengelmelder.web import assets, compression, errors, headers, languages, page, transactions
from maengelmelder.web.api import health
from maengelmelder.web.public import crest
from maengelmelder.web.public import doors as public_doors
from maengelmelder.web.request_log import log_requests
from maengelmelder.web.staff import doors as staff_doors
from maengelmelder.web.staff.log_in import guard_staff

MAX_BODY = 64 * 1024 * 1024
MAX_PARTS = 500
MAX_FORM_MEMORY = 2 * 1024 * 1024


def create_app(settings: Settings | None = None, house: House | None = None) -> Flask:
    """The WSGI application; raises SettingError or DatabaseUnusable when it cannot be run here."""
    settings = settings or (house.settings if house else read_settings())
    app = Flask("maengelmelder", static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    app.extensions[KEY] = house or _house(settings)
    app.config.from_mapping(_config(settings))
    _open_database(app)
    _open_doors(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops)  # type: ignore[method-assign]
    return app


def _house(settings: Settings) -> House:
    suggester = LocalSuggester(settings.suggestions)
    photos, geocoder = PhotoFiles(settings.photos), geocoder_for(settings)
    return House(settings, photos, PhotoSizer(), mailer_for(settings), suggester=suggester, geocoder=geocoder)


def _config(settings: Settings) -> dict[str, object]:
    https = settings.base_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine.engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": MAX_BODY,
        "MAX_FORM_PARTS": MAX_PARTS,
        "MAX_FORM_MEMORY_SIZE": MAX_FORM_MEMORY,
        "SESSION_COOKIE_NAME": "__Host-session" if https else "session",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _open_database(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        engine.watch(db.engine)


def _open_doors(app: Flask, settings: Settings) -> None:
    compression.squeeze(app)
    log_requests(app)
    transactions.watch_requests(app)
    headers.add_headers(app, https=settings.base_url.startswith("https://"))
    languages.speak(app, settings)
    assets.serve_assets(app)
    page.dress(app)
    crest.offer_crest(app)
    guard_staff(app)
    for blueprint in (*public_doors(), *staff_doors(), health.blueprint):
        app.register_blueprint(blueprint)
    errors.handle_errors(app)
