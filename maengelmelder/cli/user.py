"""`user add`: let a person of the staff in."""

import click
from flask_security import hash_password

from maengelmelder.cli.running import in_app
from maengelmelder.database import db
from maengelmelder.domain.errors import Refusal
from maengelmelder.house import house
from maengelmelder.services.administering.add_user import add_user
from maengelmelder.store.models import ROLES

LEAST_PASSWORD = 12


@click.group()
def user() -> None:
    """Accounts of the staff."""


@user.command("add")
@click.argument("email")
@click.option("--role", "roles", multiple=True, default=["clerk"], type=click.Choice(ROLES), show_default=True)
@click.option("--department", "departments", multiple=True, help="Key of a department; may be repeated.")
@click.option("--name", default="")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for if not given.")
@in_app
def add(email: str, roles: tuple[str, ...], departments: tuple[str, ...], name: str, password: str) -> None:
    """Add EMAIL as a person of the staff."""
    if len(password) < LEAST_PASSWORD:
        raise click.ClickException(f"The password needs at least {LEAST_PASSWORD} characters.")
    try:
        add_user(
            db.session(),
            email,
            hash_password(password),
            roles=roles,
            departments=departments,
            now=house().now(),
            name=name,
        )
    except Refusal as refusal:
        known = ", ".join(f"{key} {value}" for key, value in refusal.params.items())
        raise click.ClickException(f"{refusal.code}: {known}") from None
    db.session.commit()
    click.echo(f"{email} can log in.")
