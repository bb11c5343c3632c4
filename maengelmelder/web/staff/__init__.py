"""The door for clerks and the desk."""

from flask import Blueprint


def doors() -> tuple[Blueprint, ...]:
    """The blueprints of this door."""
    return ()
