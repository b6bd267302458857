"""Panasonic AMG8833, an infrared array of 8 by 8 points (Grid-EYE specification, registers 0x00 to 0xFF).

A point is good to 2.5 degrees: this tells a fever of 39 from none, not 37.3 from 37.0. Calibrate ``offset``.
"""

import time
from collections.abc import Callable
from statistics import fmean, median
from typing import Final

from station.config import Amg8833Config
from station.devices.thermometer.body import body_temperature
from station.devices.thermometer.i2c import I2cSensor

POWER, NORMAL = 0x00, 0x00
RESET, INITIAL = 0x01, 0x3F
RATE, TEN_A_SECOND = 0x02, 0x00
POINTS: Final = 0x80
COUNT: Final = 64
STEP: Final = 0.25  # degrees
BETWEEN: Final = 0.1  # seconds between two pictures
WARMEST: Final = 4  # points of a forehead; one alone is noise


class Amg8833:
    def __init__(self, config: Amg8833Config, pause: Callable[[float], object] = time.sleep) -> None:
        self._config = config
        self._pause = pause
        self._sensor = I2cSensor("amg8833", config.bus, config.address)

    def read(self) -> float | None:
        """The warmest spot, the median of a burst. :raises DeviceError: nobody answers."""
        if not self._sensor.is_open:
            self._start()
        spots: list[float] = []
        for number in range(self._config.burst):
            if number:
                self._pause(BETWEEN)
            spots.append(warmest_spot(self._sensor.read(POINTS, 2 * COUNT)))
        return body_temperature(median(spots), self._config.offset)

    def close(self) -> None:
        self._sensor.close()

    def _start(self) -> None:
        self._sensor.open()
        for register, value in ((POWER, NORMAL), (RESET, INITIAL), (RATE, TEN_A_SECOND)):
            self._sensor.write(register, value)
        self._pause(2 * BETWEEN)


def warmest_spot(registers: bytes) -> float:
    """Degrees Celsius: the mean of the warmest points; twelve bits each, two's complement, low byte first."""
    points = [int.from_bytes(registers[at : at + 2], "little") & 0xFFF for at in range(0, len(registers), 2)]
    return fmean(sorted((point - 0x1000 if point & 0x800 else point) * STEP for point in points)[-WARMEST:])
