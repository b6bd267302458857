"""Whether another machine connects to the broker under this station's name.

MQTT lets one client in under a name and ends the connection of the one before it (3.1.4). A broker says so with the
reason 0x8E, or hangs up without a word (mosquitto 2.0). Two machines that come back at once end each other's
connections without end, so who was taken over waits long, and ever longer.
"""

from enum import Enum
from random import Random

from station.pacing import Backoff

FIRST_DELAY_S = 10.0
MAX_DELAY_S = 600.0
SHORT_CONNECTION_S = 60.0
MAX_SHORT_CONNECTIONS = 3
SHOWN_PERIOD_S = 3600.0


class End(Enum):
    """How a connection ended, as far as it matters here. ``HUNG_UP``: the broker closed it without a reason."""

    TAKEN_OVER = "taken over"
    HUNG_UP = "hung up"
    OTHER = "other"


class Takeovers:
    """Evidence: the broker's reason 0x8E, the hub's word, or ``MAX_SHORT_CONNECTIONS`` connections in a row that were
    let in and hung up within ``SHORT_CONNECTION_S``. It is believed for ``SHOWN_PERIOD_S``. Not thread-safe."""

    def __init__(self, chance: Random | None = None) -> None:
        self._backoff = Backoff(FIRST_DELAY_S, MAX_DELAY_S, chance)
        self._short = 0
        self._seen_at = float("-inf")

    def recognised(self, now: float) -> bool:
        """Whether another machine uses the name, as far as is known."""
        return now - self._seen_at < SHOWN_PERIOD_S

    def wait(self, now: float) -> float:
        """Seconds until the next attempt may be."""
        return self._backoff.wait(now)

    def note_end(self, end: End, up_for: float | None, now: float) -> None:
        """A connection is over. :param up_for: seconds for which it was up; None if it was never let in."""
        if up_for is None:
            return
        if end is End.HUNG_UP:
            self._short = self._short + 1 if up_for < SHORT_CONNECTION_S else 1
        elif end is End.OTHER:
            self._short = 0
        if end is End.TAKEN_OVER or (
            end is End.HUNG_UP and (self._short >= MAX_SHORT_CONNECTIONS or self.recognised(now))
        ):
            if not self.recognised(now):
                self._backoff.reset()
            self._seen_at = now
            self._backoff.failed(now)

    def note_shared(self, now: float) -> None:
        """The hub says that the name is shared."""
        if not self.recognised(now):
            self._backoff.reset()
        self._seen_at = now
