"""The citizens' door."""

from flask import Blueprint

from maengelmelder.web.public import map_page, open_data, own_report, pages, photos, report, tickets, tiles


def doors() -> tuple[Blueprint, ...]:
    """The blueprints of this door."""
    modules = (map_page, tickets, report, own_report, open_data, pages, photos, tiles)
    return tuple(module.blueprint for module in modules)
