"""When a message that did not go out is tried again, and when it is given up."""

from datetime import datetime, timedelta

LEASE = timedelta(minutes=10)
PHOTO_PATIENCE = timedelta(minutes=5)  # a department's mail waits that long for the photos' sizes
GIVE_UP = timedelta(hours=24)
STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))


def decide_retry(attempts: int, created_at: datetime, now: datetime) -> datetime | None:
    """When to try again after `attempts` failures: 1, 5, 15, 30, 60 minutes, then hourly; None after 24 hours."""
    if now - created_at >= GIVE_UP:
        return None
    return now + STEPS[min(max(attempts, 1), len(STEPS)) - 1]
