"""All pages under the secret link."""

from maengelmelder.web.public import own_additions, own_data, own_email, own_link, own_report, usual_time
from maengelmelder.web.public.own_door import blueprint

VIEWS = (
    own_report,
    own_additions,
    own_email,
    own_data,
    own_link,
    usual_time,
)  # importing them puts their pages behind the door

__all__ = ["VIEWS", "blueprint"]
