"""Logging in and out: Flask-Security with argon2id, in our own pages."""

from typing import Any

from flask import Flask, request
from flask_security import Security, SQLAlchemySessionUserDatastore
from flask_wtf import CSRFProtect

from maengelmelder.database import db
from maengelmelder.store.models import Role, User
from maengelmelder.web.limits import LOG_INS, demand

LOG_IN = "/verwaltung/anmelden"
LOG_OUT = "/verwaltung/abmelden"
IDLE_SECONDS = 8 * 3600

csrf = CSRFProtect()


class _Staff(SQLAlchemySessionUserDatastore):
    """Flask-Security's way to our users; it must not commit, the edge does."""

    def commit(self) -> None:
        db.session.flush()


def guard_staff(app: Flask) -> None:
    """Set up log-in, session cookies and CSRF tokens for everything behind the log-in."""
    app.config.from_mapping(_config())
    security: Any = Security(app, _Staff(db.session, User, Role), register_blueprint=True)
    app.extensions["staff_security"] = security
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # citizens have no session; staff's doors demand the token themselves
    csrf.init_app(app)
    app.before_request(_limit_log_ins)


def _config() -> dict[str, object]:
    return {
        "SECURITY_LOGIN_URL": LOG_IN,
        "SECURITY_LOGOUT_URL": LOG_OUT,
        "SECURITY_VERIFY_URL": "/verwaltung/erneut-anmelden",
        "SECURITY_STATIC_FOLDER_URL": "/static/security",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/verwaltung/",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_LOGIN_USER_TEMPLATE": "staff/log_in.html",
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SALT": "unused-by-argon2-but-demanded",
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_REGISTERABLE": False,
        "SECURITY_RECOVERABLE": False,
        "SECURITY_CHANGEABLE": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "SECURITY_REDIRECT_VALIDATE_MODE": ["regex"],
        "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
        "PERMANENT_SESSION_LIFETIME": IDLE_SECONDS,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }


def _limit_log_ins() -> None:
    if request.method == "POST" and request.path == LOG_IN:
        demand(LOG_INS, "log-in")
