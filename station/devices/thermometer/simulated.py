"""A thermometer that measures people who are not there."""

import random

from station.config import SimulatedThermometerConfig


class SimulatedThermometer:
    """Seeded body temperatures around 36.5 °C; one in ``fever_every`` has a fever (0: nobody)."""

    def __init__(self, config: SimulatedThermometerConfig) -> None:
        self._random = random.Random(config.seed)
        self._fever_every = config.fever_every

    def read(self) -> float:
        if self._fever_every and self._random.randrange(self._fever_every) == 0:
            return round(self._random.uniform(37.4, 39.0), 1)
        return round(self._random.gauss(36.5, 0.2), 1)

    def close(self) -> None:
        pass
