"""What staff do with a ticket: each form one POST, refused with what was entered, or done and sent back (303)."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from maengelmelder.database import db
from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.reports import printable
from maengelmelder.house import house
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.handling.transfer import refuse, transfer
from maengelmelder.services.history import staff
from maengelmelder.services.publishing.release import decide_photo, decide_text, release_held
from maengelmelder.store.models import Ticket
from maengelmelder.store.queries.tickets import find_for_staff, find_hand_over
from maengelmelder.web.page import the_catalogue
from maengelmelder.web.sentences import sentence
from maengelmelder.web.staff.door import NUMBER, blueprint, find_ticket_to_change, get_ticket, me
from maengelmelder.web.staff.ticket_page import Refused, show_conflict, show_gone, show_ticket
from maengelmelder.web.transactions import commits

Act = Callable[[Session, Ticket, Mapping[str, str], dict[str, Any]], object]


@blueprint.post(f"/vorgang/<{NUMBER}:number>/status")
@commits
def change_status(number: int) -> Any:
    """Move it along the table, answer publicly, note internally; each is optional."""
    return _perform(number, "status", ("status", "answer", "note", "reason", "receiver"), _change_status)


def _change_status(session: Session, ticket: Ticket, said: Mapping[str, str], common: dict[str, Any]) -> object:
    wish = Wish(common["version"], said["status"], said["answer"], said["note"], said["reason"], said["receiver"])
    return move(session, ticket, wish, common["actor"], common["now"])


@blueprint.post(f"/vorgang/<{NUMBER}:number>/abgeben")
@commits
def hand_over(number: int) -> Any:
    """To another department."""
    return _perform(
        number,
        "transfer",
        ("department", "note"),
        lambda session, ticket, said, common: transfer(
            session, ticket, said["department"], note=said["note"], **common
        ),
    )


@blueprint.post(f"/vorgang/<{NUMBER}:number>/nicht-zustaendig")
@commits
def send_back(number: int) -> Any:
    """Back to the desk."""
    return _perform(
        number,
        "refuse",
        ("note", "proposal"),
        lambda session, ticket, said, common: refuse(
            session, the_catalogue(), ticket, note=said["note"], proposal=said["proposal"], **common
        ),
    )


@blueprint.post(f"/vorgang/<{NUMBER}:number>/freigabe")
@commits
def release(number: int) -> Any:
    """One text or one photo: release or withhold."""
    return _perform(number, "release", ("text", "photo", "decision"), _release)


def _release(session: Session, ticket: Ticket, said: Mapping[str, str], common: dict[str, Any]) -> None:
    if said["photo"]:
        decide_photo(session, ticket, _number(said["photo"]), said["decision"], **common)
    else:
        decide_text(session, ticket, _number(said["text"]), said["decision"], **common)


@blueprint.post(f"/vorgang/<{NUMBER}:number>/veroeffentlichen")
@commits
def publish(number: int) -> Any:
    """Put a held ticket on the map."""
    return _perform(
        number, "publish", (), lambda session, ticket, said, common: release_held(session, ticket, **common)
    )


def _perform(number: int, form: str, names: tuple[str, ...], act: Act) -> Any:
    """Lock, act, and go back to the page; only the named fields are ever read."""
    said = {name: request.form.get(name, "").replace("\r\n", "\n") for name in names}
    common = {"version": _number(request.form.get("version", "")), "actor": staff(me().id), "now": house().now()}
    ticket = find_ticket_to_change(number)
    if ticket is None:
        return _gone(number, form, said)
    try:
        act(db.session(), ticket, said, common)
    except Refusal as refusal:
        return _refuse(number, form, said, refusal)
    db.session.commit()
    return _go_on(number)


def _gone(number: int, form: str, said: Mapping[str, str]) -> Any:
    """404 for what was never mine; if a colleague gave it away a moment ago, my words come back to me."""
    seen = _seen()
    left = find_hand_over(db.session(), me(), number, seen) if seen else None
    if left is None:
        abort(404)
    return show_gone(number, left, Refused(form, _typed(said)))


def _refuse(number: int, form: str, said: Mapping[str, str], refusal: Refusal) -> Any:
    db.session.rollback()  # the page must not show what was just refused
    ticket = get_ticket(number)
    if refusal.code == "version_stale":
        return show_conflict(ticket, Refused(form, _typed(said)), _seen())
    errors = {refusal.field or "general": sentence(refusal)}
    return show_ticket(ticket, Refused(form, _typed(said), errors), 422)


def _typed(said: Mapping[str, str]) -> dict[str, str]:
    return {name: printable(value) for name, value in said.items()}


def _go_on(number: int) -> Any:
    """Back to the ticket, or to the inbox when it now lies with others."""
    if find_for_staff(db.session(), me(), number) is None:
        flash(_("Vorgang %(number)s ist abgegeben.", number=number))
        return redirect(url_for("staff.inbox"), 303)
    flash(_("Gespeichert."))
    return redirect(url_for("staff.ticket", number=number), 303)


def _seen() -> int:
    """How far down the history the page reached on which the form stood."""
    return _number(request.form.get("seen", ""))


def _number(text: str) -> int:
    """A number from a hidden field; anything else is 0, which is nobody's version and nobody's id."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
