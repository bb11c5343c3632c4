"""Logging in and out: Flask-Security with argon2id, in our own pages, with a session cookie and nothing else."""

import re
import secrets
from typing import Any

from flask import Flask, Response, abort, g, make_response, render_template, request, session
from flask_login import user_logged_out
from flask_security import LoginForm, Security, SQLAlchemySessionUserDatastore, user_authenticated
from flask_wtf import CSRFProtect
from limits import RateLimitItemPerMinute

from maengelmelder.database import db
from maengelmelder.store.models import Role, User
from maengelmelder.web.limits import LOG_INS, demand, hit, is_full, network_of

LOG_IN = "/verwaltung/anmelden"
LOG_OUT = "/verwaltung/abmelden"
INBOX = "/verwaltung/"
IDLE_SECONDS = 8 * 3600
LONGEST_PASSWORD = 1000  # characters; passlib stumbles above 4096 bytes
NETWORK_LOG_INS = RateLimitItemPerMinute(100, 15)  # a town hall sits behind one address
OUR_PAGES = frozenset({"security.login", "security.logout"})
KEPT_AT_LOG_IN = frozenset({"_user_id", "_id", "_fresh", "fs_cc", "fs_paa"})
OWN_PATH = re.compile(r"/(?:verwaltung|einrichtung)(?:[/?][^\\\x00-\x20\x7f]*)?")

csrf = CSRFProtect()


class LogInForm(LoginForm):
    """Without "remember me": the cookie for it would outlive every working day."""

    remember = None  # type: ignore[assignment]  # how WTForms drops an inherited field

    def validate_next(self, field: Any) -> None:
        """A strange `next` is no reason to keep somebody out: it is forgotten."""
        field.data = own_path(field.data)


class _Staff(SQLAlchemySessionUserDatastore):
    """Flask-Security's way to our users. It commits after its own views: a password hashed anew must be kept."""

    def commit(self) -> None:
        db.session.commit()


def guard_staff(app: Flask) -> None:
    """Set up log-in, session cookies and CSRF tokens for everything behind the log-in."""
    app.config.from_mapping(_config())
    security: Any = Security(
        app, _Staff(db.session, User, Role), register_blueprint=True, login_form=LogInForm, render_template=_render
    )
    security.want_json(lambda _: False)
    security.login_manager.request_loader(None)  # no tokens in headers or addresses: they know no CSRF check
    app.extensions["staff_security"] = security
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # citizens have no session; staff's doors demand the token themselves
    app.jinja_env.globals["own_path"] = own_path
    csrf.init_app(app)
    app.before_request(_close_other_pages)
    app.before_request(_limit_log_ins)
    app.after_request(_keep_home)
    app.after_request(_count_failure)
    user_authenticated.connect(_begin_session, app)
    user_logged_out.connect(_end_sessions, app)


def _config() -> dict[str, object]:
    return {
        "SECURITY_LOGIN_URL": LOG_IN,
        "SECURITY_LOGOUT_URL": LOG_OUT,
        "SECURITY_STATIC_FOLDER_URL": "/static/security",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_POST_LOGIN_VIEW": INBOX,
        "SECURITY_POST_LOGOUT_VIEW": LOG_IN,
        "SECURITY_LOGIN_USER_TEMPLATE": "staff/log_in.html",
        "SECURITY_LOGOUT_USER_TEMPLATE": "staff/log_out.html",
        "SECURITY_PASSWORD_HASH": "argon2",
        # OWASP Password Storage Cheat Sheet: 19 MiB, two rounds, one lane
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__type": "ID",
            "argon2__memory_cost": 19456,
            "argon2__rounds": 2,
            "argon2__parallelism": 1,
        },
        "SECURITY_PASSWORD_SALT": "unused-by-argon2-but-demanded",
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_REGISTERABLE": False,
        "SECURITY_RECOVERABLE": False,
        "SECURITY_CHANGEABLE": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
        "PERMANENT_SESSION_LIFETIME": IDLE_SECONDS,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }


def own_path(url: str | None) -> str:
    """The path, if it leads to a page behind the log-in, else nothing: never to another host, however it is spelt."""
    return url if url and OWN_PATH.fullmatch(url) else ""


def _render(template: str, **context: Any) -> Any:
    """Flask-Security renders a page after a POST only when it refused it."""
    status = 422 if request.method == "POST" else 200
    return make_response(render_template(template, **context), status)


def _close_other_pages() -> None:
    """Flask-Security brings pages of its own that nobody here asked for."""
    endpoint = request.endpoint or ""
    if endpoint.startswith("security.") and endpoint not in OUR_PAGES:
        abort(404)


def _is_log_in() -> bool:
    return request.endpoint == "security.login" and request.method == "POST"


def _account() -> str:
    return f"{network_of(request.remote_addr)}:{request.form.get('email', '').strip().lower()[:254]}"


def _limit_log_ins() -> None:
    if not _is_log_in():
        return
    if request.is_json or len(request.form.get("password", "")) > LONGEST_PASSWORD:
        abort(400)
    demand(NETWORK_LOG_INS, "log-in-network")
    if is_full(LOG_INS, "log-in", _account()):
        abort(429)


def _count_failure(response: Response) -> Response:
    if _is_log_in() and response.status_code == 422:
        hit(LOG_INS, "log-in", _account())
    return response


def _keep_home(response: Response) -> Response:
    """Whatever `next` said: from these pages nobody is sent to another host."""
    if request.endpoint in OUR_PAGES and 300 <= response.status_code < 400:
        wish = own_path(request.form.get("next") or request.args.get("next"))
        home = (wish or INBOX) if request.endpoint == "security.login" else LOG_IN
        response.headers["Location"] = home
    return response


def _begin_session(_: Flask, **__: Any) -> None:
    """Nothing of what the browser brought along survives: whoever planted it knows nothing of the new session."""
    for key in set(session) - KEPT_AT_LOG_IN:
        session.pop(key)
    g.pop("csrf_token", None)
    session.permanent = True  # lets it end after IDLE_SECONDS without a request


def _end_sessions(_: Flask, user: Any, **__: Any) -> None:
    """A copied cookie is worth nothing after the log-out: every session of this person ends with it."""
    found = db.session.get(User, user.id) if isinstance(getattr(user, "id", None), int) else None
    if found is not None:
        found.fs_uniquifier = secrets.token_hex(32)
        db.session.commit()
