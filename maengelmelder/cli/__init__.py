"""The command line: `maengelmelder …`."""

import os
import sys

import click

from maengelmelder.cli.check import check
from maengelmelder.cli.city import city
from maengelmelder.cli.demo import demo
from maengelmelder.cli.forget import forget
from maengelmelder.cli.import_addresses import import_addresses_command
from maengelmelder.cli.import_reports import import_reports
from maengelmelder.cli.learn import learn_command
from maengelmelder.cli.rebuild import rebuild
from maengelmelder.cli.routes import routes
from maengelmelder.cli.serve import serve, worker
from maengelmelder.cli.user import user
from maengelmelder.cli.work import deliver
from maengelmelder.settings import SettingError
from maengelmelder.store.engine import DatabaseUnusable


@click.group()
def commands() -> None:
    """A citizen's photo becomes a mail in the right box and a pin on the map."""


for command in (
    serve,
    worker,
    deliver,
    city,
    user,
    import_reports,
    import_addresses_command,
    check,
    rebuild,
    routes,
    forget,
    learn_command,
    demo,
):
    commands.add_command(command)


def main() -> None:
    """Run a command; what cannot be done ends with one sentence instead of a traceback."""
    os.umask(0o077)  # database, photos and mails hold what only this account may read
    try:
        commands()
    except (SettingError, DatabaseUnusable) as error:
        sys.exit(f"maengelmelder: {error}")
