"""Keeps one sensor open and hands on what it tells."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from station.devices import DeviceError, Sensor
from station.devices.driver_errors import translated_errors
from station.devices.fault_log import FaultLog

T = TypeVar("T")

REMEDY = "check its cable and power"
FIRST_RETRY = 0.5
LAST_RETRY = 10.0
LONGEST_WAIT = 0.2
SILENT_AFTER_S = 10.0  # a driver that has not returned for so long is told


@dataclass(frozen=True, slots=True)
class Lost:
    """The sensor was there and is not any more; nothing is known until it tells something again."""

    message: str
    at: float


class SensorWorker(Generic[T]):
    """One thread calls ``step``; any other may ask for ``fault``."""

    def __init__(
        self,
        sensor: Sensor[T],
        put: Callable[[T | Lost], object],
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
        name: str = "sensor",
    ) -> None:
        """:param name: the part and its lane, for messages."""
        self._sensor = sensor
        self._name = name
        self._log = FaultLog(name, clock)
        self._put = put
        self._clock = clock
        self._pause = pause
        self._open = False
        self._due = float("-inf")
        self._retry = FIRST_RETRY
        self._asked_at: float | None = None
        self._fault = ""

    @property
    def fault(self) -> str:
        """What is wrong with the sensor, also while its driver hangs; empty when nothing is."""
        asked_at = self._asked_at
        if asked_at is not None and self._clock() - asked_at > SILENT_AFTER_S:
            return (
                f"the driver has not answered for {self._clock() - asked_at:.0f} s; check the device's cable and power"
            )
        return self._fault

    def step(self) -> None:
        """Open, or wait a little for what the sensor tells. One in trouble is closed and opened again later, first
        after 0.5 s, then twice as long each time up to 10 s, until it has been read."""
        now = self._clock()
        if now < self._due:
            self._pause(min(LONGEST_WAIT, self._due - now))
            return
        self._asked_at = now
        try:
            with translated_errors(self._name, REMEDY):
                if not self._open:
                    self._sensor.open()
                    self._open = True
                told = self._sensor.wait(LONGEST_WAIT)
        except DeviceError as error:
            self._lose(error)
            return
        finally:
            self._asked_at = None
        self._fault, self._retry = "", FIRST_RETRY
        self._log.well()
        if told is not None:
            self._put(told)

    def close(self) -> None:
        """:raises DeviceError: it is not freed."""
        self._open = False
        with translated_errors(self._name, REMEDY):
            self._sensor.close()

    def _lose(self, error: DeviceError) -> None:
        was_well = not self._fault
        with suppress(DeviceError):  # the loss is told, not what follows of it
            self.close()
        self._log.lost(error)
        self._due = self._clock() + self._retry
        self._retry = min(LAST_RETRY, self._retry * 2)
        self._fault = str(error)
        if was_well:
            self._put(Lost(str(error), self._clock()))
