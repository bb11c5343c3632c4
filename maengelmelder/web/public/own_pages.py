"""All pages under the secret link."""

from maengelmelder.web.public import own_additions, own_data, own_email, own_link, own_report, stop_by_mail, usual_time
from maengelmelder.web.public.own_door import blueprint

# Importing them puts their pages behind the door.
VIEWS = (own_report, own_additions, own_email, own_data, own_link, stop_by_mail, usual_time)

__all__ = ["VIEWS", "blueprint"]
