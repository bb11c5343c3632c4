"""The citizens' door."""

from flask import Blueprint

from maengelmelder.web.public.addresses import blueprint as addresses_door
from maengelmelder.web.public.crest import blueprint as crest_door
from maengelmelder.web.public.duplicates import blueprint as duplicates_door
from maengelmelder.web.public.joining import blueprint as joining_door
from maengelmelder.web.public.map_data import blueprint as map_data_door
from maengelmelder.web.public.map_page import blueprint as map_page_door
from maengelmelder.web.public.open_data import blueprint as open_data_door
from maengelmelder.web.public.own_pages import blueprint as own_report_door
from maengelmelder.web.public.pages import blueprint as pages_door
from maengelmelder.web.public.photo_upload import blueprint as photo_upload_door
from maengelmelder.web.public.photos import blueprint as photos_door
from maengelmelder.web.public.report import blueprint as report_door
from maengelmelder.web.public.report_questions import blueprint as report_questions_door
from maengelmelder.web.public.service_worker import blueprint as service_worker_door
from maengelmelder.web.public.suggestions import blueprint as suggestions_door
from maengelmelder.web.public.tickets import blueprint as tickets_door
from maengelmelder.web.public.tiles import blueprint as tiles_door


def doors() -> tuple[Blueprint, ...]:
    """The blueprints of this door."""
    return (
        map_page_door,
        map_data_door,
        tickets_door,
        joining_door,
        report_door,
        photo_upload_door,
        report_questions_door,
        service_worker_door,
        own_report_door,
        open_data_door,
        addresses_door,
        suggestions_door,
        duplicates_door,
        pages_door,
        crest_door,
        photos_door,
        tiles_door,
    )
