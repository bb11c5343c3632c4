"""Absolute addresses for mails; built from the configured address, never from a request's Host header."""

from maengelmelder.house import house
from maengelmelder.services.reporting.change_email import stop_signer
from maengelmelder.services.reporting.confirm_address import address_signer
from maengelmelder.store.models import Report


def ticket_link(number: int) -> str:
    """The public page of a ticket."""
    return f"{house().settings.base_url}/vorgang/{number}"


def staff_link(number: int) -> str:
    """The page of a ticket behind the log-in."""
    return f"{house().settings.base_url}/verwaltung/vorgang/{number}"


def confirm_link(report: Report) -> str:
    """The page on which a reporter confirms the address; GET shows it, POST confirms."""
    settings = house().settings
    return f"{settings.base_url}/bestaetigen/{address_signer(settings.secret_key).dumps([report.id, report.email])}"


def stop_link(report: Report) -> str:
    """The page on which the owner of an address ends the notices; GET shows it, POST ends them."""
    settings = house().settings
    return f"{settings.base_url}/abbestellen/{stop_signer(settings.secret_key).dumps([report.id, report.email])}"
