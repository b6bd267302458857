"""The process of the supervisors' view: what it knows of the station, kept fresh by one thread for all who look."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from station.domain.condition import PartView
from station.domain.incidents import IncidentView
from station.domain.rounds import HourCounts
from station.domain.supervision import StationUnavailable, Supervisor
from station.feed import Feed
from station.runtime import Workers
from station.supervisor import protocol
from station.supervisor.client import StationClient
from station.supervisor.sessions import Sessions

log = logging.getLogger(__name__)

READ_INTERVAL_S = 0.25
AVAILABILITY = "availability"
"""The topic that says whether the station answers."""


class SupervisorView:
    """``start``, look at it through ``feed`` and the methods, ``close``. Those that read of the station raise
    ``StationUnavailable`` while it does not answer, and wait for it no more than once."""

    def __init__(
        self,
        station: StationClient,
        idle: timedelta,
        longest: timedelta,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """:param idle: a session ends so long after its last request, and after ``longest`` anyhow."""
        self._station, self._clock = station, clock
        self._unavailable: StationUnavailable | None = StationUnavailable("it was not asked yet")
        self._supervisors: frozenset[str] = frozenset()
        self._read_at = float("-inf")
        self.feed, self.workers = Feed(), Workers()
        self.sessions = Sessions(self, self._is_member, idle, longest, clock)

    def start(self) -> None:
        """Once it returns, the station has been asked."""
        self.step()
        self.workers.start("station", self._keep_reading)

    def close(self) -> list[str]:
        """:return: workers that did not end in time."""
        self.feed.close()
        return self.workers.stop()

    def step(self) -> None:
        """Read the live views once."""
        began = self._clock()
        try:
            live = self._station.live()
        except StationUnavailable as error:
            if self._unavailable is None:
                log.warning("the station does not answer: %s", error)
            self._unavailable = error
        else:
            if self._unavailable is not None:
                log.info("the station answers")
            for topic, view in live.topics.items():
                self.feed.publish(topic, view)
            self._supervisors, self._read_at, self._unavailable = frozenset(live.supervisors), began, None
        self.feed.publish(AVAILABILITY, {"available": self._unavailable is None})

    # What the pages ask.

    def duty(self) -> protocol.Duty:
        return self._available_station.duty()

    def incidents(self) -> Sequence[IncidentView]:
        return self._available_station.incidents().listed

    def hours(self) -> Sequence[HourCounts]:
        return self._available_station.hours().counts

    def parts(self) -> Sequence[PartView]:
        return self._available_station.condition().parts

    # What the sessions ask.

    def sign_in(self, number: str, pin: str, address: str) -> Supervisor:
        return self._available_station.sign_in(number, pin, address)

    def sign_out(self, fingerprint: str) -> None:
        self._available_station.sign_out(fingerprint)

    @property
    def _available_station(self) -> StationClient:
        """A station that is known not to answer is not waited for."""
        if self._unavailable is not None:
            raise StationUnavailable(str(self._unavailable))
        return self._station

    def _keep_reading(self) -> None:
        self.step()
        self.workers.wait(READ_INTERVAL_S)

    def _is_member(self, fingerprint: str, since: float) -> bool:
        """While the station does not answer the roster is as it was last read."""
        return self._read_at < since or fingerprint in self._supervisors
