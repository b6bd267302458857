"""Melexis MLX90614, an infrared thermometer without contact (datasheet 3901090614, sections 8.3 to 8.7).

The sensor assumes the emissivity in its own memory (1.0 from the factory, for a black body). Skin has 0.98: the rest of
what it sends is the surroundings' own radiation, mirrored. Both are worked out here from the sensor's own ambient
temperature, so that its memory, good for few writes, is never written.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Final

from station.config import Mlx90614Config
from station.devices.thermometer.body import body_temperature
from station.devices.thermometer.i2c import I2cSensor

AMBIENT: Final = 0x06
OBJECT: Final = 0x07
EMISSIVITY: Final = 0x24
BETWEEN: Final = 0.02  # seconds between the readings of a burst
ZERO: Final = 273.15


class Mlx90614:
    def __init__(self, config: Mlx90614Config, pause: Callable[[float], object] = time.sleep) -> None:
        self._config = config
        self._pause = pause
        self._sensor = I2cSensor("mlx90614", config.bus, config.address)

    def read(self) -> float | None:
        """The median of a burst, so that one reading beside the forehead does not count.

        :raises DeviceError: nobody answers, or more than half of the burst is spoilt.
        """
        good: list[float] = []
        for number in range(self._config.burst):
            if number:
                self._pause(BETWEEN)
            celsius = self._measured()
            if celsius is not None:
                good.append(celsius)
        if 2 * len(good) <= self._config.burst:
            raise self._sensor.lost("its answers are spoilt")
        return body_temperature(median(good), self._config.offset)

    def close(self) -> None:
        self._sensor.close()

    def _measured(self) -> float | None:
        """None where an answer is spoilt."""
        words = [self._word(register) for register in (AMBIENT, OBJECT, EMISSIVITY)]
        ambient, seen, emissivity = words
        if ambient is None or seen is None or emissivity is None or not emissivity:
            return None
        if (ambient | seen) & 0x8000:  # the sensor's own flag: not measured
            return None
        return skin_celsius(seen * 0.02, ambient * 0.02, emissivity / 0xFFFF, self._config.emissivity)

    def _word(self, register: int) -> int | None:
        low, high, check = self._sensor.read(register, 3)
        address = self._sensor.address << 1
        if packet_error_code(bytes((address, register, address | 1, low, high))) != check:
            return None
        return high << 8 | low


def skin_celsius(seen: float, ambient: float, assumed: float, emissivity: float) -> float:
    """:param seen: what the sensor says, in kelvin, assuming an emissivity of ``assumed``; the fourth powers are the
    Stefan-Boltzmann law."""
    fourth = ambient**4 + assumed / emissivity * (seen**4 - ambient**4)
    return float(max(fourth, 0.0) ** 0.25 - ZERO)


def packet_error_code(message: bytes) -> int:
    """SMBus's CRC-8 (polynomial x^8 + x^2 + x + 1) over the whole exchange, addresses included."""
    code = 0
    for byte in message:
        code ^= byte
        for _ in range(8):
            code = (code << 1 ^ 0x07 if code & 0x80 else code << 1) & 0xFF
    return code
