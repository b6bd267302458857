"""A thermometer that was lost is tried again, but not at every car: each try may take a second. One that does not
answer at all keeps no car waiting."""

import time
from collections.abc import Callable

from station.background import BackgroundCall, CallOverdue
from station.devices import DeviceError, Thermometer

FIRST_RETRY = 0.5
LAST_RETRY = 10.0
MEASURE_TIMEOUT_S = 4.0
"""Longer than any driver's longest burst, and shorter than a lane's heartbeat: a driver that resolves a name, or hangs
in the kernel has no deadline of its own."""


class ReopeningThermometer:
    """After an error the next reading that is asked for less than 0.5 s later fails at once, the one after that less
    than 1 s later, and so on up to 10 s.

    A reading that overruns ``MEASURE_TIMEOUT_S`` is given up. Further ones fail at once, with a trial in the background
    whose temperature nobody takes, because it is another person's; once a trial has answered in time, the next reading
    counts again."""

    def __init__(self, thermometer: Thermometer, clock: Callable[[], float] = time.monotonic) -> None:
        self._thermometer = thermometer
        self._clock = clock
        self._due = float("-inf")
        self._retry = FIRST_RETRY
        self._reading: BackgroundCall[float | None] = BackgroundCall("thermometer")
        self._trial: BackgroundCall[float] = BackgroundCall("thermometer trial")
        self._silent = False
        self.fault = ""

    def read(self) -> float | None:
        """:raises DeviceError: the sensor is lost, or was a moment ago, or does not answer in time."""
        if self._clock() < self._due or (self._silent and not self._answers_again()):
            raise DeviceError(self.fault)
        try:
            celsius = self._reading.run(self._thermometer.read, MEASURE_TIMEOUT_S)
        except CallOverdue as overdue:
            self._silent = True
            self._lose(f"thermometer: {overdue}; check its address, the network and its DNS, its cable and power")
            raise DeviceError(self.fault) from overdue
        except DeviceError as error:
            self._lose(str(error))
            raise
        self.fault, self._retry = "", FIRST_RETRY
        return celsius

    def close(self) -> None:
        """One that is being read goes with the process: its driver is not to be touched by two threads."""
        if not self._reading.running and not self._trial.running:
            self._thermometer.close()

    def _answers_again(self) -> bool:
        if self._reading.running or self._trial.running:
            return False
        if not self._trial.pending:
            self._trial.start(self._time_reading)
            return False
        try:
            took = self._trial.result()
        except DeviceError as error:
            self._lose(str(error))
            return False
        self._silent = took > MEASURE_TIMEOUT_S
        return not self._silent

    def _time_reading(self) -> float:
        """:return: seconds that it took."""
        began = time.monotonic()
        self._thermometer.read()
        return time.monotonic() - began

    def _lose(self, message: str) -> None:
        self.close()
        self.fault = message
        self._due = self._clock() + self._retry
        self._retry = min(LAST_RETRY, self._retry * 2)
