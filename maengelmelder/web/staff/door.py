"""The staff's door: nobody passes without having logged in, and no form without its token."""

from typing import Any, cast

from flask import Blueprint, abort, redirect, request, url_for
from flask_security import current_user

from maengelmelder.database import db
from maengelmelder.store.models import Ticket, User
from maengelmelder.store.queries.tickets import find_for_change, find_for_staff, is_handled_by
from maengelmelder.web.errors import json_error, wants_json
from maengelmelder.web.staff.log_in import csrf

blueprint = Blueprint("staff", __name__, url_prefix="/verwaltung")
NUMBER = "int(max=2147483647)"  # what a primary key can hold; above it there is no ticket
SAFE = ("GET", "HEAD", "OPTIONS")


@blueprint.before_request
def demand_staff() -> Any:
    """Send strangers to the log-in; refuse (400) what comes from a form that is not ours."""
    if not current_user.is_authenticated:
        if wants_json():
            return json_error(401, "log_in_needed", "Log in first.")
        came_for = request.full_path.rstrip("?") if request.method in SAFE else None
        return redirect(url_for("security.login", next=came_for), 303)
    if request.method not in SAFE:
        csrf.protect()
    return None


def me() -> User:
    """The person of the staff who asks."""
    return cast(User, current_user._get_current_object())


def get_ticket(number: int) -> Ticket:
    """A ticket that I may see; for everything else 404, whether it exists or not."""
    ticket = find_for_staff(db.session(), me(), number)
    if ticket is None:
        abort(404)
    return ticket


def find_ticket_to_change(number: int) -> Ticket | None:
    """A ticket that I may see, locked until this request ends; 403 if I may see but not change it."""
    ticket = find_for_change(db.session(), me(), number)
    if ticket is not None and not is_handled_by(me(), ticket):
        abort(403)
    return ticket
