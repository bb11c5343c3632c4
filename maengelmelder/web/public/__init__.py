"""The citizens' door."""

from flask import Blueprint


def doors() -> tuple[Blueprint, ...]:
    """The blueprints of this door."""
    return ()
