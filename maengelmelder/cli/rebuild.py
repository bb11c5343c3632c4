"""`rebuild`: count the map's cells anew."""

import sys

import click

from maengelmelder.cli.running import in_app
from maengelmelder.database import db
from maengelmelder.services.administering.rebuild_cells import count_tickets, total_tickets
from maengelmelder.store.cells import empty_cells


@click.command()
@in_app
def rebuild() -> None:
    """Count the tickets in each square of the map anew. Interrupted, it is simply called again."""
    session = db.session()
    empty_cells(session)
    session.commit()
    total = count_with_progress(commit=True)
    click.echo(f"{total} tickets looked at; the map's cells are made anew.")


def count_with_progress(*, commit: bool) -> int:
    """Look at every ticket, with a progress bar; commit after each batch, or leave that to the caller."""
    session = db.session()
    total = total_tickets(session)
    with click.progressbar(length=total, label="Counting for the map", file=sys.stderr) as bar:
        for looked_at in count_tickets(session):
            if commit:
                session.commit()
            bar.update(looked_at)
    return total
