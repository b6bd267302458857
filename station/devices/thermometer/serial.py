"""A thermometer that sends lines of text over a serial line, through pyserial."""

import re
import time
from collections.abc import Callable
from contextlib import suppress

import serial

from station.config import SerialThermometerConfig
from station.devices import DeviceError
from station.devices.driver_errors import translated_errors
from station.devices.thermometer.body import body_temperature

REMEDY = "check its cable, its baud rate and the pattern"
ANSWERS_WITHIN = 1.0
LONGEST_LINE = 256


class SerialThermometer:
    """What came before it was asked is thrown away: it is another person's temperature."""

    def __init__(self, config: SerialThermometerConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._clock = clock
        self._pattern = re.compile(config.pattern.encode())
        self._line: serial.Serial | None = None

    def read(self) -> float | None:
        """:raises DeviceError: not there, or silent for a second."""
        try:
            with translated_errors(f"thermometer {self._config.device}", REMEDY):
                line = self._opened()
                line.reset_input_buffer()
                line.write(self._config.request.encode())
                found = self._number(line)
        except DeviceError:
            with suppress(DeviceError):  # the loss is told, not what follows of it
                self.close()
            raise
        if found is None:
            raise self._lost(f"no measurement within {ANSWERS_WITHIN:.0f} s")
        return body_temperature(found, self._config.offset)

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with translated_errors(f"thermometer {self._config.device}", REMEDY):
                line.close()

    def _opened(self) -> serial.Serial:
        if self._line is None:
            self._line = serial.Serial(
                self._config.device, self._config.baud, timeout=ANSWERS_WITHIN, write_timeout=ANSWERS_WITHIN
            )
        return self._line

    def _number(self, line: serial.Serial) -> float | None:
        end = self._clock() + ANSWERS_WITHIN
        whole = bool(self._config.request)
        while self._clock() < end:
            text = line.read_until(b"\n", LONGEST_LINE)
            found = self._pattern.search(text) if whole else None
            whole = text.endswith(b"\n")  # the first line of one that talks by itself may have lost its beginning
            if found:
                return float(found[1])
        return None

    def _lost(self, why: str) -> DeviceError:
        return DeviceError(f"thermometer {self._config.device}: {why}; {REMEDY}")
