"""What every page's template can ask for: the city, the words for codes, times and languages."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_date_format
from flask import Flask, g, request, url_for
from flask_babel import format_datetime, gettext

from maengelmelder.database import db
from maengelmelder.domain.addresses import NEAR
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.tickets import GROUPS, Status
from maengelmelder.store.queries.catalogue import get_catalogue
from maengelmelder.web import labels
from maengelmelder.web.addresses import address_with
from maengelmelder.web.languages import choose_language, languages, the_language, words_of


def the_catalogue() -> Catalogue:
    """The city's catalogue, as this request sees it; asked for once, however many times a page prints a date."""
    if "catalogue" not in g:
        g.catalogue = get_catalogue(db.session())
    catalogue: Catalogue = g.catalogue
    return catalogue


def dress(app: Flask) -> None:
    """Offer the city and its words to every template."""
    app.jinja_env.globals.update(
        the_catalogue=the_catalogue,
        words_of=words_of,
        address_with=address_with,
        languages=languages,
        language=choose_language,
        the_language=the_language,
        in_language=_in_language,
        status_label=lambda status: labels.STATUS[Status(status)],
        status_group=lambda status: GROUPS[Status(status)],
        reason_label=lambda reason: labels.REASON[reason],
        urgency_label=lambda urgency: labels.URGENCY[urgency],
    )
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["whereabouts"] = whereabouts


def moment(at: datetime) -> str:
    """Day and time in the city's zone, in the words of the language."""
    time = "HH:mm 'Uhr'" if choose_language() == "de@simple" else "HH:mm"
    return str(format_datetime(_local(at), f"{_day_format()}, {time}", rebase=False))


def day(at: datetime) -> str:
    """The day in the city's zone."""
    return str(format_datetime(_local(at), _day_format(), rebase=False))


def whereabouts(address: str) -> str:
    """The stored words for a ticket's place, `bei Altstadt 12` or the name of a street, in the reader's language."""
    is_near = address.startswith(NEAR)
    return str(gettext("bei %(address)s", address=address.removeprefix(NEAR))) if is_near else address


def _day_format() -> str:
    """The month in words, as the language writes it; Babel's English is American, ours is not."""
    language = choose_language()
    return "d MMMM y" if language == "en" else str(get_date_format("long", language).pattern)


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(the_catalogue().city.timezone))


def _in_language(language: str) -> str:
    """The address of this page in another language."""
    if request.endpoint is None or request.method != "GET":
        return url_for("map.show", lang=language)
    query = request.args.to_dict(flat=False) | {"lang": [language]}
    return address_with(request.endpoint, query, **(request.view_args or {}))
