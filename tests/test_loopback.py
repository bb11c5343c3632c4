"""The tests themselves stay on this machine."""

import socket

import pytest


def test_a_test_that_wants_to_talk_to_the_world_fails() -> None:
    with socket.socket() as stranger, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        stranger.connect(("192.0.2.1", 80))
