"""A clock for pages in a real browser: it begins at a moment that the test run chooses and goes on by itself."""

import os
import time
from datetime import datetime, timedelta

from clock_marker import reads_clock
from made import NOON

from station.domain.times import parse_time

START = parse_time(os.environ["TEST_MOMENT"]) if "TEST_MOMENT" in os.environ else NOON
"""``scripts/test-at`` sets the variable; without it every run begins at the same moment."""
_BEGAN = time.monotonic()


def ticking_now() -> datetime:
    reads_clock()
    return START + timedelta(seconds=time.monotonic() - _BEGAN)
