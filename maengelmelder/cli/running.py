"""Running a command inside the application, on a database that is up to date."""

from collections.abc import Callable
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from maengelmelder.app import create_app
from maengelmelder.database import db
from maengelmelder.house import house
from maengelmelder.store.migrating import current, head, prepare

P = ParamSpec("P")
R = TypeVar("R")


def in_app(command: Callable[P, R]) -> Callable[P, R]:
    """Run the command with the application and its migrated database."""

    @wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        app = ready_app()
        try:
            with app.app_context():
                return command(*args, **kwargs)
        finally:
            let_go(app)

    return wrapper


def let_go(app: Flask) -> None:
    """Close the connections that a command leaves in the pool."""
    with app.app_context():
        db.engine.dispose()


def ready_app() -> Flask:
    """The application with its database brought up to date; one sentence when the database cannot be reached."""
    app = create_app()
    house(app).settings.data.mkdir(parents=True, exist_ok=True)
    with app.app_context():
        try:
            bring_up_to_date()
        except OperationalError as error:
            address = db.engine.url.render_as_string(hide_password=True)
            raise click.ClickException(f"The database {address} cannot be reached: {error.orig}") from error
    return app


def bring_up_to_date() -> None:
    """Migrate where needed; the embedded database is copied first, because a file is quickly put back."""
    at = current(db.engine)
    if at == head():
        return
    prepare(db.engine)
    if at and db.engine.dialect.name == "sqlite":
        _copy_database(at)
    upgrade()


def _copy_database(revision: str) -> None:
    path = Path(db.engine.url.database or "")
    copy = path.with_name(f"{path.stem}.before-{revision}{path.suffix}")
    copy.unlink(missing_ok=True)
    with closing(db.engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM INTO ?", (str(copy),))
