"""Waiting for what a test expects, with a deadline."""

import threading
import time
from collections.abc import Callable


def until(condition: Callable[[], object], seconds: float = 15.0, what: str = "") -> None:
    """Return as soon as ``condition`` holds; fail when it still does not after ``seconds``."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what or condition}"
        pause.wait(0.01)
