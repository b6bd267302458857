"""Lists that came from the hub and wait to be read: the newest of each topic, because a list says everything anew."""

import threading

from station.domain.lists import LARGEST_LIST
from station.runtime import LIST_SLOTS


class Mailbox:
    """The connection's thread puts, the outbox's takes. Bounded in number and in bytes: what does not fit is told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[str, bytes] = {}

    def put(self, topic: str, payload: bytes) -> str:
        """Take the place of an older one. :return: why there is no room, else nothing."""
        if len(payload) > LARGEST_LIST:
            return f"{topic}: {len(payload)} bytes where a list has at most {LARGEST_LIST}; not read"
        with self._lock:
            if topic not in self._newest and len(self._newest) >= LIST_SLOTS:
                return f"{topic}: more than {LIST_SLOTS} kinds of lists at once; not read"
            self._newest[topic] = payload
        return ""

    def take(self) -> tuple[str, bytes] | None:
        """The one that has waited longest; None when none waits."""
        with self._lock:
            topic = next(iter(self._newest), None)
            return None if topic is None else (topic, self._newest.pop(topic))
