"""In which language a page speaks: the one chosen by link, else the one remembered, else the browser's, else German."""

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel

from maengelmelder.domain.city import Text
from maengelmelder.settings import ROOT

LANGUAGES = {"de": "Deutsch", "en": "English"}
DEFAULT = "de"
COOKIE = "lang"
YEAR = 365 * 24 * 3600


def choose_language() -> str:
    """The language of this request; German outside of one, unless somebody set `g.language`."""
    if not has_request_context():
        return str(g.get("language", DEFAULT)) if g else DEFAULT
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT


def words_of(text: Text) -> str:
    """The city's words in the language of this request."""
    return text.in_language(choose_language())


def speak(app: Flask) -> None:
    """Set up gettext; remember a language that was chosen by link (a cookie that the visitor asked for)."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "maengelmelder" / "translations")
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    Babel(app, locale_selector=choose_language, timezone_selector=lambda: "Europe/Berlin")
    app.after_request(_remember)


def _remember(response: Response) -> Response:
    wish = request.args.get("lang")
    if wish in LANGUAGES and request.cookies.get(COOKIE) != wish:
        response.set_cookie(COOKIE, wish, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    return response
