"""Every table of the house."""

from maengelmelder.store.models.addresses import AddressSource, KnownAddress
from maengelmelder.store.models.base import Base
from maengelmelder.store.models.city import Area, Category, CategoryGroup, City, Department, Page, Responsibility
from maengelmelder.store.models.deliveries import Delivery
from maengelmelder.store.models.map_cells import map_cells
from maengelmelder.store.models.people import ROLES, Role, User
from maengelmelder.store.models.tickets import Photo, Report, Ticket, TicketEvent, TicketText
from maengelmelder.store.models.uploads import Upload, UploadPart

__all__ = [
    "ROLES",
    "AddressSource",
    "Area",
    "Base",
    "Category",
    "CategoryGroup",
    "City",
    "Delivery",
    "Department",
    "KnownAddress",
    "Page",
    "Photo",
    "Report",
    "Responsibility",
    "Role",
    "Ticket",
    "TicketEvent",
    "TicketText",
    "Upload",
    "UploadPart",
    "User",
    "map_cells",
]
