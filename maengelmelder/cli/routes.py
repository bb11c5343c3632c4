"""`routes`: every address that the application answers."""

import click

from maengelmelder.app import create_app


@click.command()
def routes() -> None:
    """List every address with its methods."""
    rules = sorted(create_app().url_map.iter_rules(), key=lambda rule: rule.rule)
    for rule in rules:
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        click.echo(f"{methods:12} {rule.rule}")
