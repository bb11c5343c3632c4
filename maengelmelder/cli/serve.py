"""`serve` and `worker`: what runs all day."""

import resource
import secrets
import signal
import threading
from types import FrameType

import click
from flask import Flask
from flask_security import hash_password
from sqlalchemy import func, select
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from maengelmelder.cli.city import load
from maengelmelder.cli.rebuild import count_with_progress
from maengelmelder.cli.running import ready_app
from maengelmelder.database import db
from maengelmelder.house import House, house
from maengelmelder.services.administering.add_user import add_user
from maengelmelder.services.administering.rebuild_cells import total_tickets
from maengelmelder.store.models import City, User, map_cells
from maengelmelder.web.request_log import configure_logs
from maengelmelder.worker.loop import run

THREADS = 8
BODY_LIMIT = 160 * 1024 * 1024  # far above the application's own limit, which answers in words and not in English
CONNECTIONS = 1000  # people on a slow line hold theirs for minutes; at 100, the server's own limit, nobody else gets in
OPEN_FILES = 4096  # a connection, and the temporary file of a large body, for each
FIRST_ADMINISTRATOR = "verwaltung@maengelmelder.example"


@click.command()
def serve() -> None:
    """Migrate, load the city if there is none, and serve; on the embedded database the worker runs along."""
    configure_logs()
    app = ready_app()
    here = house(app)
    with app.app_context():
        load_first_city(here)
        first = first_administrator(here)
        count_first_cells()
    _allow_open_files()
    server = create_server(
        app,
        host=here.settings.host,
        port=here.settings.port,
        threads=THREADS,
        max_request_body_size=BODY_LIMIT,
        ident=None,
        clear_untrusted_proxy_headers=False,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,  # select() ends at 1024 files
    )
    _greet(here, first)
    _serve_until_told(app, server, with_worker=here.settings.embedded)


@click.command()
def worker() -> None:
    """Make photos showable and send what is due, until told to stop; on PostgreSQL as many as wanted."""
    configure_logs()
    app = ready_app()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(app, stop)


def _allow_open_files() -> None:
    """As many as so many connections need, where the system lets us."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def load_first_city(here: House) -> None:
    """Load the city directory into an empty database."""
    if db.session.scalar(select(func.count()).select_from(City)) == 0:
        load(here.settings.city)
    db.session.remove()


def count_first_cells() -> None:
    """Count the tickets of an older version for the map; all or nothing, so that a kill leaves it to the next start."""
    if db.session.scalar(select(map_cells.c.tickets).limit(1)) is None and total_tickets(db.session()):
        count_with_progress(commit=False)
        db.session.commit()
    db.session.remove()


def first_administrator(here: House) -> tuple[str, str] | None:
    """The log-in of the first administrator, told once: only its hash is kept."""
    if db.session.scalar(select(func.count()).select_from(User)):
        return None
    password = secrets.token_urlsafe(12)
    add_user(
        db.session(),
        FIRST_ADMINISTRATOR,
        hash_password(password),
        roles=["administrator"],
        departments=[],
        now=here.now(),
        name="Administration",
    )
    db.session.commit()
    return FIRST_ADMINISTRATOR, password


def _greet(here: House, first: tuple[str, str] | None) -> None:
    click.echo(f"maengelmelder: {here.settings.base_url}")
    if first:
        click.echo(f"First log-in (told only now): {here.settings.base_url}/verwaltung/")
        click.echo(f"  e-mail    {first[0]}\n  password  {first[1]}")


def _serve_until_told(app: Flask, server: BaseWSGIServer | MultiSocketServer, *, with_worker: bool) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(app, stop), name="worker")

    def _stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit

    signal.signal(signal.SIGTERM, _stop)
    if with_worker:
        thread.start()
    try:
        server.run()  # ends on SystemExit and KeyboardInterrupt, after the requests at hand
    finally:
        stop.set()
        server.close()
        if with_worker:
            thread.join()
