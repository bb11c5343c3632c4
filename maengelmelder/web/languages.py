"""In which language a page speaks: the one chosen by link, else the one remembered, else the browser's, else German.

A language is a catalogue: `<locale>/LC_MESSAGES/messages.mo` below a directory of translations makes the whole site
speak it. Locales are named as Babel does: `tr`, `pt_BR`, `de@simple` (Leichte Sprache).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel

from maengelmelder.domain.city import Text
from maengelmelder.settings import ROOT, SettingError, Settings

TRANSLATIONS = ROOT / "maengelmelder" / "translations"
DEFAULT = "de"
COOKIE = "lang"
KEY = "maengelmelder-languages"
YEAR = 365 * 24 * 3600
NAMES = {"de@simple": "Leichte Sprache"}  # Babel calls it German


@dataclass(frozen=True)
class Language:
    """code: Babel's. tag: as HTML and HTTP want it (BCP 47), `de-simple`. name: in the language itself."""

    code: str
    tag: str
    name: str
    direction: Literal["ltr", "rtl"]


def find_languages(directories: Iterable[Path]) -> dict[str, Language]:
    """The languages that have a catalogue, by code, German first; raises SettingError for a name that Babel lacks."""
    catalogues = [path for directory in directories for path in directory.glob("*/LC_MESSAGES/messages.mo")]
    codes = sorted({path.parts[-3] for path in catalogues} - {DEFAULT})
    return {code: language_of(code) for code in (DEFAULT, *codes)}


def language_of(code: str) -> Language:
    """What Babel knows of a language; raises SettingError when it knows nothing."""
    try:
        locale = Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        raise SettingError(f"{code!r} in a directory of translations is no language that Babel knows.") from None
    name = NAMES.get(code) or locale.get_display_name() or code
    tag = code.replace("_", "-").replace("@", "-")
    return Language(code, tag, name[:1].upper() + name[1:], "rtl" if locale.text_direction == "rtl" else "ltr")


def languages() -> Mapping[str, Language]:
    """Every language of this installation, by code."""
    found: Mapping[str, Language] = current_app.extensions[KEY]
    return found


def find_language(wish: str | None) -> str | None:
    """The code of a language that was asked for by its code or its tag."""
    return next((code for code, language in languages().items() if wish in (code, language.tag)), None)


def choose_language() -> str:
    """The language of this request; German outside of one, unless somebody set `g.language`."""
    if not has_request_context():
        return str(g.get("language", DEFAULT)) if g else DEFAULT
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if found := find_language(wish):
            return found
    tags = [language.tag for language in languages().values()]
    return find_language(request.accept_languages.best_match(tags)) or DEFAULT


def the_language() -> Language:
    """What is known of the language of this request or mail."""
    code = choose_language()
    return languages().get(code) or language_of(code)


def words_of(text: Text) -> str:
    """The city's words in the language of this request."""
    return text.in_language(choose_language())


def speak(app: Flask, settings: Settings) -> None:
    """Set up gettext; remember a language that was chosen by link (a cookie that the visitor asked for)."""
    directories = [TRANSLATIONS, *([settings.translations] if settings.translations else [])]
    app.extensions[KEY] = find_languages(directories)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(map(str, directories))
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    Babel(app, locale_selector=choose_language, timezone_selector=lambda: "Europe/Berlin")
    app.after_request(_remember)


def _remember(response: Response) -> Response:
    wish = find_language(request.args.get("lang"))
    if wish is not None and request.cookies.get(COOKIE) != wish:
        response.set_cookie(COOKIE, wish, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    return response
