"""All pages under the secret link."""

from maengelmelder.web.public import own_email, own_report
from maengelmelder.web.public.own_door import blueprint

VIEWS = (own_report, own_email)  # importing them puts their pages behind the door

__all__ = ["VIEWS", "blueprint"]
