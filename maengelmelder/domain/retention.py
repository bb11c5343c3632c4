"""How long contact data is kept: the privacy page says so, and the city's data protection officer confirms it."""

from datetime import timedelta

UNCONFIRMED = timedelta(days=7)  # an address that nobody confirmed; the report itself stays
AFTER_CLOSING = timedelta(days=30)  # name and address, once the matter is closed
