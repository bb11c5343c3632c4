"""The citizens' door behind the real server, for what a test client cannot do: many connections at the same moment."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from waitress.server import create_server


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """The real server on a free port."""
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.trigger.pull_trigger(server.close)  # in its own thread: it must not wait for a connection that is closed
        thread.join(timeout=10)
        server.task_dispatcher.shutdown()
