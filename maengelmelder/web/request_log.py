"""One JSON line a request on standard output: which route, how it ended, how long it took; nobody's data."""

import time
from contextlib import suppress

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()

QUIET = frozenset({"static", "health.healthz", "health.readyz"})


class _Lines(structlog.PrintLogger):
    """Standard output. A line that cannot be written (full disk, closed pipe) is no reason to refuse a report."""

    def msg(self, message: str) -> None:
        """Write one line."""
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warning = error = critical = msg


def configure_logs() -> None:
    """JSON lines with UTC times; newlines in values are escaped by JSON, so no line can be forged."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: _Lines(),
    )


def log_requests(app: Flask) -> None:
    """Log the route's pattern, never the address: the address may hold a secret or a place."""
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    if request.endpoint not in QUIET:
        route = request.url_rule.rule if request.url_rule else None
        milliseconds = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
        log.info("request", method=request.method, route=route, status=response.status_code, ms=milliseconds)
    return response
