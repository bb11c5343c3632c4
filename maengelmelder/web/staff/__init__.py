"""The door for clerks and the desk."""

from flask import Blueprint

from maengelmelder.web.staff import inbox, photos, ticket_actions, ticket_page
from maengelmelder.web.staff.door import blueprint

VIEWS = (inbox, ticket_page, ticket_actions, photos)  # importing them puts their pages behind the door


def doors() -> tuple[Blueprint, ...]:
    """The blueprints of this door."""
    return (blueprint,)
