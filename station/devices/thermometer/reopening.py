"""A thermometer that was lost is tried again, but not at every car: each try may take a second."""

import time
from collections.abc import Callable

from station.devices import DeviceError, Thermometer

FIRST_RETRY = 0.5
LAST_RETRY = 10.0


class ReopeningThermometer:
    """After an error the next reading that is asked for less than 0.5 s later fails at once, the one after that less
    than 1 s later, and so on up to 10 s."""

    def __init__(self, thermometer: Thermometer, clock: Callable[[], float] = time.monotonic) -> None:
        self._thermometer = thermometer
        self._clock = clock
        self._due = float("-inf")
        self._retry = FIRST_RETRY
        self.fault = ""

    def read(self) -> float | None:
        """:raises DeviceError: the sensor is lost, or was a moment ago."""
        if self._clock() < self._due:
            raise DeviceError(self.fault)
        try:
            celsius = self._thermometer.read()
        except DeviceError as error:
            self._lose(str(error))
            raise
        self.fault, self._retry = "", FIRST_RETRY
        return celsius

    def close(self) -> None:
        self._thermometer.close()

    def _lose(self, message: str) -> None:
        self._thermometer.close()
        self.fault = message
        self._due = self._clock() + self._retry
        self._retry = min(LAST_RETRY, self._retry * 2)
