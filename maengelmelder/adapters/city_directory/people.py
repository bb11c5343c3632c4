"""`departments.yaml` and `emergency.yaml`: who works on reports, whom to ring."""

import re
from typing import get_args

from email_validator import EmailNotValidError, validate_email

from maengelmelder.adapters.city_directory.fields import Fields
from maengelmelder.adapters.city_directory.nodes import Entry, Node
from maengelmelder.adapters.city_directory.reading import Reading
from maengelmelder.domain.catalogue import Department, DepartmentKind
from maengelmelder.domain.city import EmergencyContact

KINDS: tuple[DepartmentKind, ...] = get_args(DepartmentKind)
_TELEPHONE = re.compile(r"\+?[0-9][0-9 /()-]{1,29}")


def read_departments(reading: Reading, node: Node | None) -> dict[str, Department]:
    """The departments (Dienststellen) by key, in the city's order."""
    if node is None:
        return {}
    with reading.fields(node) as fields:
        departments = {entry.key.value: _department(reading, entry) for entry in reading.named(fields.all_entries())}
    if not departments:
        fields.error(fields.spot, "Es muss mindestens eine Dienststelle geben.")
    reading.references.declare("Dienststelle", departments)
    return departments


def read_contacts(reading: Reading, node: Node | None) -> dict[str, EmergencyContact]:
    """The emergency contacts (Notfallkontakte) by key."""
    contacts = {}
    if node is not None:
        with reading.fields(node) as fields:
            contacts = {entry.key.value: _contact(reading, entry) for entry in reading.named(fields.all_entries())}
    if node is not None or not reading.has("emergency.yaml"):
        reading.references.declare("Notfallkontakt", contacts)
    return contacts


def _department(reading: Reading, entry: Entry) -> Department:
    key = entry.key.value
    with reading.fields(entry.node, f'Dienststelle "{key}"') as fields:
        return Department(
            key=key,
            name=reading.texts.of(("departments", key), fields.needed("name")),
            kind=fields.choice("kind", KINDS, "intern"),
            email=_email(fields),
            unit=fields.text("unit", limit=200),
            role=fields.text("role", limit=500),
            area=reading.references.expect("Gebiet", fields.scalar("area"), fields.what),
            verified=fields.text("verified", limit=500),
        )


def _email(fields: Fields) -> str:
    email = fields.text("email", limit=254)
    if not email:
        return ""
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        fields.error(fields.spot_of("email"), f'"{email}" ist keine gültige E-Mail-Adresse.')
    return email


def _contact(reading: Reading, entry: Entry) -> EmergencyContact:
    key = entry.key.value
    with reading.fields(entry.node, f'Notfallkontakt "{key}"') as fields:
        tel = fields.text("tel", limit=40)
        if not tel:
            fields.warn(fields.spot_of("tel"), "Es fehlt noch die Telefonnummer; bis dahin wird er nicht angezeigt.")
        elif not _TELEPHONE.fullmatch(tel):
            fields.error(fields.spot_of("tel"), f'"{tel}" ist keine Telefonnummer.')
        label = reading.texts.of(("contacts", key), fields.needed("label"))
        return EmergencyContact(key, label, tel, fields.text("note", limit=500))
