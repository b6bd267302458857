"""A thermometer on the network that answers GET with a JSON object."""

import http.client
import json
import urllib.request

from station.config import HttpThermometerConfig
from station.devices import DeviceError
from station.devices.thermometer.body import body_temperature

ANSWERS_WITHIN = 1.0
LONGEST_ANSWER = 65536


class HttpThermometer:
    def __init__(self, config: HttpThermometerConfig) -> None:
        self._config = config

    def read(self) -> float | None:
        """:raises DeviceError: no answer within a second, or none with a number in it."""
        try:
            with urllib.request.urlopen(self._config.url, timeout=ANSWERS_WITHIN) as answer:
                found = json.loads(answer.read(LONGEST_ANSWER))
            return body_temperature(float(found[self._config.member]), self._config.offset)
        except (OSError, http.client.HTTPException) as error:
            raise self._lost(str(error)) from error
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:  # whatever it answers
            raise self._lost(f"its answer has no number called {self._config.member!r}") from error

    def close(self) -> None:
        """Nothing is kept open."""

    def _lost(self, why: str) -> DeviceError:
        return DeviceError(f"thermometer {self._config.url}: {why}; check the address, the network and its power")
