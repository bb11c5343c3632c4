"""Bringing a database to the present schema."""

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"


def prepare(engine: Engine) -> None:
    """Make an empty database a spatial one; nothing happens to one that is."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
        elif not inspect(connection).has_table("spatial_ref_sys"):
            # "WGS84" alone: all of EPSG took 15-30 s; 0 as first argument: we are in a transaction already.
            connection.execute(text("SELECT InitSpatialMetaData(0, 'WGS84')"))


def head() -> str:
    """The newest revision that the code knows."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head() or ""


def current(engine: Engine) -> str:
    """The revision that the database has; empty for a new one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""
