"""The worker's loop: does what is due, sleeps a little, survives every single failure."""

import threading
from collections.abc import Callable

import structlog
from flask import Flask

from maengelmelder.database import db
from maengelmelder.worker.deliver import deliver_due
from maengelmelder.worker.make_sizes import make_due_sizes
from maengelmelder.worker.tidy import tidy_up

log = structlog.get_logger()

PAUSE_SECONDS = 1.0
AFTER_FAILURE_SECONDS = 5.0
TIDY_EVERY = 600

Job = Callable[[], int]


def run(app: Flask, stop: threading.Event) -> None:
    """Work until `stop` is set; the step at hand is finished first."""
    rounds = 0
    while not stop.is_set():
        done = work_once(app, tidy=rounds % TIDY_EVERY == 0)
        rounds += 1
        if done == 0:
            stop.wait(PAUSE_SECONDS)
        elif done < 0:
            stop.wait(AFTER_FAILURE_SECONDS)


def work_once(app: Flask, *, tidy: bool = False) -> int:
    """One round; how many things were done, or -1 when something failed as a whole (database away, disk full)."""
    jobs: list[Job] = [make_due_sizes, deliver_due, *([tidy_up] if tidy else [])]
    with app.app_context():
        return sum(results) if (results := [_try(job) for job in jobs]) and min(results) >= 0 else -1


def _try(job: Job) -> int:
    try:
        return job()
    except Exception as error:
        log.error("worker_failed", job=job.__name__, error=type(error).__name__)
        return -1
    finally:
        db.session.remove()
