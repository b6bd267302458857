"""A thermometer that was lost is tried again, but not at every car: each try may take a second. One that does not
answer at all keeps no car waiting."""

import time
from collections.abc import Callable
from contextlib import suppress

from station.background import BackgroundCall, CallOverdue
from station.devices import DeviceError, Thermometer
from station.devices.driver_errors import translated_errors
from station.devices.fault_log import FaultLog

REMEDY = "check its cable, its power and its settings"
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

    def __init__(
        self, thermometer: Thermometer, clock: Callable[[], float] = time.monotonic, name: str = "thermometer"
    ) -> None:
        """:param name: the part and its lane, for messages."""
        self._name = name
        self._log = FaultLog(name, clock)
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
            celsius = self._reading.run(self._read, MEASURE_TIMEOUT_S)
        except CallOverdue as overdue:
            self._silent = True
            why = f"thermometer: {overdue}; check its address, the network and its DNS, its cable and power"
            self._lose(DeviceError(why))
            raise DeviceError(self.fault) from overdue
        except DeviceError as error:
            self._lose(error)
            raise
        self.fault, self._retry = "", FIRST_RETRY
        self._log.well()
        return celsius

    def close(self) -> None:
        """One that is being read goes with the process: its driver is not to be touched by two threads."""
        if not self._reading.running and not self._trial.running:
            with translated_errors(self._name, REMEDY):
                self._thermometer.close()

    def _read(self) -> float | None:
        with translated_errors(self._name, REMEDY):
            return self._thermometer.read()

    def _answers_again(self) -> bool:
        if self._reading.running or self._trial.running:
            return False
        if not self._trial.pending:
            self._trial.start(self._time_reading)
            return False
        try:
            took = self._trial.result()
        except DeviceError as error:
            self._lose(error)
            return False
        self._silent = took > MEASURE_TIMEOUT_S
        return not self._silent

    def _time_reading(self) -> float:
        """:return: seconds that it took."""
        began = time.monotonic()
        self._read()
        return time.monotonic() - began

    def _lose(self, error: DeviceError) -> None:
        with suppress(DeviceError):  # the loss is told, not what follows of it
            self.close()
        self.fault = str(error)
        self._log.lost(error)
        self._due = self._clock() + self._retry
        self._retry = min(LAST_RETRY, self._retry * 2)
