"""Whether the process lives, and whether it can work."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from maengelmelder.database import db
from maengelmelder.house import house
from maengelmelder.store.migrating import current, head
from maengelmelder.store.models import Delivery
from maengelmelder.web.room import has_room

blueprint = Blueprint("health", __name__)

LAG = timedelta(minutes=15)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """503 when database, disks or migrations do not allow to work; a lagging outbox is only `degraded`."""
    try:
        settings = house().settings
        checks = {
            "database": _database(),
            "migrations": _migrated(),
            "photos": has_room(settings.photos),
            "data": has_room(settings.data),
        }
        lagging = _outbox_lags()
    except SQLAlchemyError:
        return jsonify(status="unavailable", checks={"database": False}), 503
    ready = all(checks.values())
    status = "unavailable" if not ready else ("degraded" if lagging else "ok")
    return jsonify(status=status, checks=checks | {"outbox": not lagging}), 200 if ready else 503


def _database() -> bool:
    return bool(db.session.scalar(text("SELECT 1")))


def _migrated() -> bool:
    return current(db.engine) == head()


def _outbox_lags() -> bool:
    oldest = db.session.scalar(select(func.min(Delivery.created_at)).where(Delivery.state == "due"))
    return oldest is not None and house().now() - oldest > LAG
