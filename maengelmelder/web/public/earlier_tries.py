"""What became of an earlier try of the same phone."""

from maengelmelder.database import db
from maengelmelder.services.reporting.submit import find_earlier
from maengelmelder.store.engine import reading
from maengelmelder.store.models import Report
from maengelmelder.web.public.report_fields import Sent


def look_for_earlier(sent: Sent) -> Report | None:
    """The report that this submission opened before; reads only, and lets go of the database.

    Raises SubmissionTaken where the submission came with another secret.
    """
    with reading():
        found = find_earlier(db.session(), sent.submission, sent.given_hash)
        if found is None:
            db.session.rollback()
    return found
