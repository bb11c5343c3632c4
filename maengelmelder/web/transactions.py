"""One transaction a request: read-only for GET, committed once for the rest."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import structlog
from flask import Flask, Response, current_app, g, make_response, request
from sqlalchemy import event
from sqlalchemy.orm import Session

from maengelmelder.database import db
from maengelmelder.store.engine import READING

log = structlog.get_logger()
CHANGED = "changed"
P = ParamSpec("P")


class ForgottenCommit(AssertionError):
    """A request changed something and answered as if all were well, but nothing was kept."""


def commits(view: Callable[P, Any]) -> Callable[P, Response]:
    """Keep what the view did if it answers below 400, else nothing of it."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = make_response(view(*args, **kwargs))
        if response.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
        return response

    return wrapper


def watch_requests(app: Flask) -> None:
    """Open each request's transactions in the right mode, and notice a forgotten commit."""
    event.listen(db.session, "after_flush", _note_change)
    for ended in ("after_commit", "after_soft_rollback"):
        event.listen(db.session, ended, _forget_change)
    app.before_request(_choose_mode)
    app.after_request(_notice_forgotten_commit)
    app.teardown_request(_leave_mode)


def _note_change(session: Session, _: Any) -> None:
    session.info[CHANGED] = True


def _forget_change(session: Session, *_: Any) -> None:
    session.info.pop(CHANGED, None)


def _choose_mode() -> None:
    g.mode = READING.set(request.method in ("GET", "HEAD", "OPTIONS"))


def _leave_mode(_: BaseException | None) -> None:
    if mode := g.pop("mode", None):
        READING.reset(mode)


def _notice_forgotten_commit(response: Response) -> Response:
    session = db.session()
    if response.status_code < 400 and (session.info.get(CHANGED) or session.new or session.dirty or session.deleted):
        if current_app.testing:
            raise ForgottenCommit(f"{request.endpoint} changed something and did not commit: decorate it with @commits")
        log.error("forgotten_commit", endpoint=request.endpoint)
    return response
