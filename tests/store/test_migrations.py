"""The schema goes up and down on both databases, with data in it, and says exactly what the models say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.app import create_app
from maengelmelder.database import db
from maengelmelder.services.administering.load_city import load_city
from maengelmelder.settings import ROOT
from maengelmelder.store.migrating import current, head, prepare
from maengelmelder.store.models import Base, Ticket, Upload
from tests.conftest import MONDAY, settings_for
from tests.postgres_server import PostgresServer
from tests.reports import take_in

SPATIAL = {("addresses", "position"), ("areas", "geometry"), ("tickets", "position")}


@pytest.fixture
def empty_app(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a database of its own that nothing has been done to."""
    url = f"sqlite:///{tmp_path}/empty.sqlite"
    if not database_url.startswith("sqlite"):
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.url(server.new_database())
    app = create_app(settings_for(url, tmp_path))
    with app.app_context():
        prepare(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def fill(session: Session) -> Ticket:
    load_city(session, read_city(ROOT / "cities" / "landshut"))
    session.commit()
    return take_in(session, MONDAY)


def drifts() -> bool:
    """Whether a new migration would have something to do; the same question as `flask db check`."""
    try:
        check()
    except SystemExit:
        return True
    return False


def test_the_migrations_make_what_the_models_say(empty_app: Flask) -> None:
    upgrade()
    assert current(db.engine) == head()
    assert set(Base.metadata.tables) <= tables()
    assert not drifts()


def test_a_forgotten_migration_would_be_noticed(empty_app: Flask) -> None:
    upgrade()
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE tickets DROP COLUMN held"))
    assert drifts()


def test_down_leaves_nothing_of_ours_and_everything_of_the_database(empty_app: Flask) -> None:
    before = tables()
    assert "spatial_ref_sys" in before
    upgrade()
    fill(db.session())
    db.session.remove()
    downgrade(revision="base")
    assert tables() - {"alembic_version"} == before
    upgrade()
    assert fill(db.session()).place is not None


def test_an_upgrade_that_has_happened_changes_nothing(empty_app: Flask) -> None:
    upgrade()
    number = fill(db.session()).id
    db.session.remove()
    upgrade()
    assert db.session.get(Ticket, number) is not None


def test_every_place_is_registered_and_indexed_in_space(empty_app: Flask) -> None:
    upgrade()
    columns = db.session.execute(text("SELECT f_table_name, f_geometry_column, srid FROM geometry_columns")).all()
    assert {(table, column) for table, column, srid in columns if srid == 4326} == SPATIAL
    assert spatial_indexes() == SPATIAL


def spatial_indexes() -> set[tuple[str, str]]:
    if db.engine.dialect.name == "sqlite":
        query = "SELECT f_table_name, f_geometry_column FROM geometry_columns WHERE spatial_index_enabled = 1"
        return {(table, column) for table, column in db.session.execute(text(query))}
    query = "SELECT tablename, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gist%' AND schemaname = 'public'"
    return {(table, definition.split("(")[1].strip(')"')) for table, definition in db.session.execute(text(query))}


def test_tables_that_the_geo_extension_brought_are_never_dropped(empty_app: Flask) -> None:
    before = tables()
    upgrade()
    downgrade(revision="base")
    upgrade()
    assert before <= tables()
    assert db.session.scalar(text("SELECT ST_SRID(ST_GeomFromText('POINT(12.15 48.54)', 4326))")) == 4326


def test_numbers_are_never_given_twice(empty_app: Flask) -> None:
    upgrade()
    ticket = fill(db.session())
    number = ticket.id
    for table in ("deliveries", "ticket_events", "ticket_texts", "reports", "ticket_copies"):
        db.session.execute(text(f"DELETE FROM {table} WHERE ticket_id = {number}"))  # noqa: S608
    db.session.execute(text(f"DELETE FROM tickets WHERE id = {number}"))  # noqa: S608
    db.session.commit()
    db.session.expunge_all()
    assert take_in(db.session(), MONDAY).id > number


def test_reports_outlive_the_column_of_what_was_suggested(empty_app: Flask) -> None:
    upgrade()
    number = fill(db.session()).id
    db.session.execute(text("UPDATE reports SET suggested = '[\"laterne\"]'"))
    db.session.commit()
    db.session.remove()
    downgrade(revision="0002")
    assert "suggested" not in {column["name"] for column in inspect(db.engine).get_columns("reports")}
    upgrade()
    ticket = db.session.get(Ticket, number)
    assert ticket is not None
    assert [report.suggested for report in ticket.reports] == [None]


def test_photos_that_wait_for_their_form_outlive_an_upgrade(empty_app: Flask) -> None:
    upgrade(revision="0003")
    db.session.execute(
        text(
            "INSERT INTO uploads (key, submission, secret_hash, name, width, height, created_at)"
            " VALUES ('k', 's', 'h', 'foto.jpg', 1, 1, '2026-03-02 09:00:00')"
        )
    )
    db.session.commit()
    db.session.remove()
    upgrade()
    upload = db.session.scalars(select(Upload)).one()
    assert (upload.name, upload.position, upload.size) == ("foto.jpg", None, 0)
    db.session.remove()
    downgrade(revision="0003")
    assert "upload_parts" not in tables()
    assert db.session.scalar(text("SELECT count(*) FROM uploads")) == 1
