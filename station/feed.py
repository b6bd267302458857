"""Live fan-out to screens: the newest snapshot of each topic, and a way to wait for changes.

A screen that is slow or was away gets the newest state, never a backlog: there is no queue to overflow and
no event to lose. Snapshots are JSON-ready mappings.
"""

import threading
from collections.abc import Mapping
from typing import Any

Snapshot = Mapping[str, Any]


class Feed:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._revision = 0
        self._topics: dict[str, tuple[int, Snapshot]] = {}
        self._closed = False

    def publish(self, topic: str, snapshot: Snapshot) -> None:
        """Replace a topic's snapshot and wake every waiter; an unchanged snapshot wakes nobody."""
        with self._changed:
            if topic in self._topics and self._topics[topic][1] == snapshot:
                return
            self._revision += 1
            self._topics[topic] = (self._revision, snapshot)
            self._changed.notify_all()

    def changes(self, after: int, timeout: float) -> tuple[int, dict[str, Snapshot]]:
        """Snapshots newer than revision ``after``; waits up to ``timeout`` seconds for one.

        :return: the revision to ask after next, and the changed topics (empty when nothing changed).
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._revision > after, timeout)
            fresh = {topic: snapshot for topic, (revision, snapshot) in self._topics.items() if revision > after}
            return self._revision, fresh

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Wake every waiter for the last time."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
