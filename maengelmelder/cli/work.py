"""`deliver`: one round of the worker, for cron and for trying."""

import click

from maengelmelder.cli.running import let_go, ready_app
from maengelmelder.worker.loop import work_once


@click.command()
def deliver() -> None:
    """Make photos showable and send everything that is due now, then end."""
    app = ready_app()
    total = 0
    while (done := work_once(app)) > 0:
        total += done
    let_go(app)
    if done < 0:
        raise click.ClickException("Something failed; the log line above says what.")
    click.echo(f"{total} done.")
