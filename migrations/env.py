"""Runs the migrations on the application's database; only our own tables are looked at."""

from typing import Any

from alembic import context
from flask import current_app
from geoalchemy2 import alembic_helpers
from sqlalchemy import JSON, Connection

from maengelmelder.store.models import Base
from maengelmelder.store.types import UtcDateTime

config = context.config


def include_object(obj: Any, name: str | None, type_: str, reflected: bool, compare_to: Any) -> bool:
    """Ignore every table, column and index that the geo extensions brought along: dropping them breaks the database."""
    table = obj if type_ == "table" else getattr(obj, "table", None)
    if reflected and table is not None and table.name not in Base.metadata.tables:
        return False
    return bool(alembic_helpers.include_object(obj, name, type_, reflected, compare_to))


def render_item(kind: str, obj: Any, context: Any) -> Any:
    """Column types by plain names: a migration must not change when our own types do."""
    if kind == "type" and isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(obj, JSON):
        context.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return alembic_helpers.render_item(kind, obj, context)


def run(connection: Connection) -> None:
    """Migrate within one transaction, so that a killed upgrade leaves the old schema."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=render_item,
        transactional_ddl=True,  # on SQLite too: the engine opens its transactions itself
    )
    with context.begin_transaction():
        context.run_migrations()


with current_app.extensions["migrate"].db.engine.connect() as connection:
    run(connection)
