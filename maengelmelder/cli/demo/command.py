"""Fills an empty database with plausible tickets, photos and staff."""

import random
import secrets
from datetime import timedelta

import click
from flask_security import hash_password
from sqlalchemy import func, select, update

from maengelmelder.cli.demo.story import Story, read_stories, tell
from maengelmelder.cli.running import ready_app
from maengelmelder.cli.serve import load_first_city
from maengelmelder.database import db
from maengelmelder.domain.errors import Refusals
from maengelmelder.house import house
from maengelmelder.services.administering.add_user import add_user
from maengelmelder.store.models import Delivery, Ticket, User
from maengelmelder.store.queries.catalogue import get_catalogue
from maengelmelder.worker.make_sizes import make_due_sizes

DAYS = 90
STAFF: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("redaktion", "desk", ()),
    ("tiefbau", "clerk", ("tba", "bab")),
    ("licht", "clerk", ("swl_licht",)),
)


@click.command()
@click.option("--tickets", default=300, show_default=True, help="How many tickets to invent.")
@click.option("--seed", default=1, show_default=True, help="The same seed invents the same city.")
def demo(tickets: int, seed: int) -> None:
    """Invent tickets, photos and staff; does nothing where there are tickets already."""
    app = ready_app()
    with app.app_context():
        load_first_city(house())
        if db.session.scalar(select(func.count()).select_from(Ticket)):
            click.echo("There are tickets already; nothing was invented.")
            return
        _invent_staff()
        _invent_tickets(tickets, random.Random(seed))  # noqa: S311 - invented data, not a secret


def _invent_staff() -> None:
    """Accounts to try the desk with; their one password is told now and never again."""
    password = secrets.token_urlsafe(12)
    hashed = hash_password(password)
    known = get_catalogue(db.session()).departments
    for name, role, departments in STAFF:
        email = f"{name}@maengelmelder.example"
        if db.session.scalars(select(User).where(User.email == email)).first() is None:
            own = [key for key in departments if key in known]
            add_user(db.session(), email, hashed, roles=[role], departments=own, now=house().now(), name=name.title())
    db.session.commit()
    addresses = ", ".join(f"{name}@maengelmelder.example" for name, _, _ in STAFF)
    click.echo(f"Staff to try with: {addresses}\n  password  {password}")


def _invent_tickets(count: int, chance: random.Random) -> None:
    catalogue = get_catalogue(db.session())
    stories = [story for story in read_stories() if story.category in catalogue.categories]
    weights = [story.weight for story in stories]
    ages = sorted((chance.uniform(0, DAYS) for _ in range(count)), reverse=True)
    refused = 0
    with click.progressbar(ages, label="Inventing tickets") as days:
        for age in days:
            refused += not _invent_ticket(chance.choices(stories, weights)[0], age, chance)
    while make_due_sizes():
        pass
    db.session.execute(update(Delivery).values(state="sent", sent_at=Delivery.created_at))
    db.session.commit()
    click.echo(f"{count - refused} tickets invented.")


def _invent_ticket(story: Story, age_days: float, chance: random.Random) -> bool:
    try:
        tell(db.session(), story, house().now() - timedelta(days=age_days), chance)
    except Refusals:  # another city's catalogue may ask other questions
        db.session.rollback()
        return False
    db.session.commit()
    return True
