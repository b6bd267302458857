"""The open event streams of an application, bounded in all and for each viewer."""

import threading
from collections import Counter
from dataclasses import dataclass

EVENT_STREAM = "text/event-stream"


class Pause(bytes):
    """An empty chunk of a stream: there is nothing for so many seconds, and no thread need wait for it."""

    seconds: float

    @classmethod
    def of(cls, seconds: float) -> "Pause":
        pause = cls()
        pause.seconds = seconds
        return pause


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """An open stream. ``viewer`` is whose it is: a session, an account or an address."""

    viewer: str


class Streams:
    """Any thread may call any of it."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._open: list[Ticket] = []
        self._lock = threading.Lock()

    def enter(self, viewer: str) -> Ticket:
        """The new one always gets in, so a page that is loaded again is never locked out: over a bound the oldest of
        its viewer gives way, or the oldest of whoever has the most."""
        ticket = Ticket(viewer)
        with self._lock:
            if self._count(viewer) >= self._most_of_one:
                self._evict(viewer)
            elif len(self._open) >= self._most:
                self._evict(Counter(one.viewer for one in self._open).most_common(1)[0][0])
            self._open.append(ticket)
        return ticket

    def enter_if_room(self, viewer: str, most: int | None = None) -> Ticket | None:
        """None over a bound; ``most`` is another one for this viewer. ``has_room`` says which bound it was."""
        with self._lock:
            if self._count(viewer) >= (most or self._most_of_one) or len(self._open) >= self._most:
                return None
            self._open.append(ticket := Ticket(viewer))
        return ticket

    @property
    def has_room(self) -> bool:
        return len(self._open) < self._most

    def leave(self, ticket: Ticket) -> None:
        with self._lock:
            if ticket in self._open:
                self._open.remove(ticket)

    def holds(self, ticket: Ticket) -> bool:
        with self._lock:
            return ticket in self._open

    def _count(self, viewer: str) -> int:
        return sum(one.viewer == viewer for one in self._open)

    def _evict(self, viewer: str) -> None:
        self._open.remove(next(one for one in self._open if one.viewer == viewer))
