"""A presence sensor that sees what it is told: by a test, or by itself every so often."""

import queue
import time
from collections.abc import Callable

from station.config import SimulatedPresenceConfig
from station.devices import DeviceError
from station.domain.crossings import Heading, Sighting

CROSSING_TAKES = 1.5
UNTOLD = 100


class SimulatedPresence:
    def __init__(self, config: SimulatedPresenceConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._every = config.every_seconds
        self._clock = clock
        self._told: queue.Queue[Sighting | DeviceError] = queue.Queue(UNTOLD)
        self._open = False
        self._unplugged = False
        self._next: Sighting | None = None

    # What a test does with it

    def begin(self) -> None:
        """Something comes into the beam."""
        self._told.put_nowait(Sighting(True, self._clock()))

    def end(self, heading: Heading = Heading.UNKNOWN) -> None:
        """It has left the beam."""
        self._told.put_nowait(Sighting(False, self._clock(), heading))

    def unplug(self) -> None:
        self._unplugged = True
        self._told.put_nowait(DeviceError("simulated presence sensor: unplugged; plug it in again"))

    def plug(self) -> None:
        self._unplugged = False

    # What the lane does with it

    def open(self) -> None:
        """:raises DeviceError: it was unplugged."""
        if self._unplugged:
            raise DeviceError("simulated presence sensor: unplugged; plug it in again")
        self._open = True
        self._told = queue.Queue(UNTOLD)
        self._told.put_nowait(Sighting(False, self._clock()))
        self._next = Sighting(True, self._clock() + self._every) if self._every else None

    def wait(self, timeout: float) -> Sighting | None:
        """:raises DeviceError: not open, or unplugged."""
        if not self._open:
            raise DeviceError("simulated presence sensor: is not open")
        try:
            told = self._told.get(timeout=min(timeout, self._until_next()))
        except queue.Empty:
            return self._by_itself()
        if isinstance(told, DeviceError):
            raise told
        return told

    def _until_next(self) -> float:
        return float("inf") if self._next is None else max(0.0, self._next.at - self._clock())

    def _by_itself(self) -> Sighting | None:
        now, due = self._clock(), self._next
        if due is None or now < due.at:
            return None
        takes = CROSSING_TAKES if due.occupied else self._every
        self._next = Sighting(not due.occupied, due.at + takes)
        return due

    def close(self) -> None:
        self._open = False
