"""The inbox: a plain form to filter, tabs with numbers, and pages."""

from dataclasses import replace
from typing import Any, cast, get_args

from flask import redirect, render_template, request, url_for
from flask_babel import format_timedelta
from flask_babel import lazy_gettext as _l

from maengelmelder.database import db
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.reports import printable
from maengelmelder.domain.tickets import Status
from maengelmelder.house import house
from maengelmelder.store.models import User
from maengelmelder.store.queries.inbox import Filter, Mark, Sort, View, count_views, find_inbox, mark_of
from maengelmelder.store.queries.tickets import SEES_EVERYTHING
from maengelmelder.web.languages import words_of
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.staff.door import blueprint, me
from maengelmelder.web.staff.ticket_words import category_name

VIEWS = {
    "new": _l("Neu"),
    "open": _l("Offen"),
    "release": _l("Zur Freigabe"),
    "refused": _l("Zurückgewiesen an Redaktion"),
    "all": _l("Alle"),
}
SORTS = {"newest": _l("neueste zuerst"), "urgent": _l("dringende zuerst")}
LONGEST_SEARCH = 100


@blueprint.get("/")
def inbox() -> str:
    """What lies with my departments, or with all for the desk."""
    session, user, catalogue = db.session(), me(), the_catalogue()
    wish = _read_filter(catalogue, user)
    page = find_inbox(session, user, catalogue.city.desk, wish)
    now = house().now()
    return render_template(
        "staff/inbox.html",
        wish=wish,
        page=page,
        counts=count_views(session, user, catalogue.city.desk, wish),
        views=VIEWS,
        sorts=SORTS,
        sees_everything=_sees_everything(user),
        statuses=tuple(Status),
        is_filtered=_is_filtered(wish),
        age=lambda at: format_timedelta(now - at, granularity="minute", add_direction=False),
        address=_address,
        category_name=lambda ticket: category_name(catalogue, ticket),
        department_name=lambda row: (
            words_of(catalogue.departments[row.key].name) if row.key in catalogue.departments else row.name
        ),
    )


@blueprint.get("")
def inbox_without_slash() -> Any:
    """The address as people type it."""
    return redirect(url_for("staff.inbox"))


def _sees_everything(user: User) -> bool:
    return bool(SEES_EVERYTHING & {role.name for role in user.roles})


def _read_filter(catalogue: Catalogue, user: User) -> Filter:
    """The filter from the address; what the catalogue does not know is left out, so that no link ever breaks."""
    departments = catalogue.departments if _sees_everything(user) else {d.key for d in user.departments}
    return Filter(
        view=cast(View, _one_of("view", get_args(View), "open")),
        department=_one_of("department", departments),
        category=_one_of("category", catalogue.categories),
        status=_one_of("status", tuple(Status)),
        words=printable(request.args.get("q", "")).strip()[:LONGEST_SEARCH],
        sort=cast(Sort, _one_of("sort", get_args(Sort), "newest")),
        after=mark_of(request.args.get("after", "")),
    )


def _one_of(name: str, known: Any, otherwise: str = "") -> str:
    value = request.args.get(name, "")
    return value if value in known else otherwise


def _is_filtered(wish: Filter) -> bool:
    return bool(wish.department or wish.category or wish.status or wish.words)


def _address(wish: Filter, *, view: str | None = None, after: Mark | None = None) -> str:
    """The address of the same list in another view, or of its next page."""
    there = replace(wish, view=cast(View, view or wish.view))
    query = {
        "view": there.view,
        "department": there.department,
        "category": there.category,
        "status": there.status,
        "q": there.words,
        "sort": there.sort if there.sort != "newest" else "",
        "after": str(after) if after else "",
    }
    return url_for("staff.inbox", **{name: value for name, value in query.items() if value})  # type: ignore[arg-type]
