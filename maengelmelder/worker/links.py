"""Absolute addresses for mails; built from the configured address, never from a request's Host header."""

from itsdangerous import URLSafeTimedSerializer

from maengelmelder.house import house
from maengelmelder.store.models import Report

CONFIRM = "confirm-address"
CONFIRM_SECONDS = 7 * 24 * 3600


def ticket_link(number: int) -> str:
    """The public page of a ticket."""
    return f"{house().settings.base_url}/vorgang/{number}"


def staff_link(number: int) -> str:
    """The page of a ticket behind the log-in."""
    return f"{house().settings.base_url}/verwaltung/vorgang/{number}"


def confirm_link(report: Report) -> str:
    """The page on which a reporter confirms the address; GET shows it, POST confirms."""
    return f"{house().settings.base_url}/bestaetigen/{signer().dumps([report.id, report.email])}"


def signer() -> URLSafeTimedSerializer:
    """Signs for one purpose only, so that a token for something else is worth nothing here."""
    return URLSafeTimedSerializer(house().settings.secret_key, salt=CONFIRM)
