"""Waiting for one's turn where no row is there yet that could be locked."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def lock_submission(session: Session, submission: str) -> None:
    """Until this transaction ends, no other that asks changes what belongs to the submission.

    SQLite needs nothing of the kind: its writing transactions are alone from their first statement on.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(submission, 0))))
