"""What the hub does not take: counted by kind, and in the log with its topic and reason, but never more lines than
somebody can read."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from prometheus_client import Counter

log = logging.getLogger(__name__)

SAME_SECONDS = 60.0  # of one topic a line in so many
MAX_LINES = 60  # of all topics, in as many seconds
MAX_TOPICS = 4096
MAX_REASON = 200


def printable(reason: str) -> str:
    """On one line, and no longer than a line: what strangers wrote may be part of it."""
    return "".join(one if one.isprintable() else "?" for one in reason[:MAX_REASON])


class Refusals:
    def __init__(self, counter: Counter | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        """:param counter: has the kind of message as its one label."""
        self._counter, self._monotonic = counter, monotonic
        self._lately: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._since, self._lines, self._untold = monotonic(), 0, 0

    def note(self, station: str, name: str, reason: str) -> None:
        if self._counter is not None:
            self._counter.labels(name).inc()
        if self._may_tell(station, name):
            more = f" ({self._untold} more were not told)" if self._untold else ""
            self._untold = 0
            log.warning("up/%s/%s refused: %s%s", station, name, printable(reason), more)
        else:
            self._untold += 1

    def _may_tell(self, station: str, name: str) -> bool:
        now = self._monotonic()
        if now - self._since >= SAME_SECONDS:
            self._since, self._lines = now, 0
        last = self._lately.get((station, name))
        if self._lines >= MAX_LINES or (last is not None and now - last < SAME_SECONDS):
            return False
        self._lately[station, name] = now
        self._lately.move_to_end((station, name))
        if len(self._lately) > MAX_TOPICS:
            self._lately.popitem(last=False)
        self._lines += 1
        return True
