"""`forget`: erase contact data whose time is over."""

import click

from maengelmelder.cli.running import in_app
from maengelmelder.database import db
from maengelmelder.house import house
from maengelmelder.services.forgetting.erase_contacts import erase_contacts


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
@in_app
def forget(dry_run: bool) -> None:
    """Erase unconfirmed addresses after 7 days, and contact data 30 days after closing. The worker does it daily."""
    erased = erase_contacts(db.session(), house().now(), dry_run=dry_run)
    db.session.commit()
    verb = "would be erased" if dry_run else "erased"
    click.echo(f"{erased.unconfirmed} unconfirmed addresses and {erased.closed} contacts of closed tickets {verb}.")
