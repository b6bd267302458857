"""What stands in for a part whose driver cannot be loaded or made: a library is not installed, pins are taken."""

import logging
from collections.abc import Callable
from typing import Any, NoReturn

from station.devices import DeviceError
from station.devices.driver_errors import translated_errors
from station.domain.decision import Outcome

log = logging.getLogger(__name__)


class MissingDevice:
    """A camera, sensor, gate or thermometer that is lost from the beginning: whoever uses it hears why, and the lane
    works by hand. Closing it is harmless."""

    def __init__(self, why: str) -> None:
        self._why = why

    def open(self) -> NoReturn:
        raise DeviceError(self._why)

    def grab(self) -> NoReturn:
        raise DeviceError(self._why)

    def wait(self, _timeout: float) -> NoReturn:
        raise DeviceError(self._why)

    def read(self) -> NoReturn:
        raise DeviceError(self._why)

    def show(self, _outcome: Outcome) -> NoReturn:
        raise DeviceError(self._why)

    def keep(self, _occupied: bool) -> NoReturn:
        raise DeviceError(self._why)

    def hold_open(self) -> NoReturn:
        raise DeviceError(self._why)

    def release(self) -> None:
        pass

    def close(self) -> None:
        pass


def made_or_missing(name: str, make: Callable[[], Any]) -> Any:
    """The part that ``make`` makes, or what stands in for it; the journal says why. For what cannot be had until the
    station is started again, as a library that is not installed: the part itself opens its hardware, again and again.

    :param name: of the part and its lane.
    """
    try:
        with translated_errors(name, "install what its driver needs, then restart the station"):
            return make()
    except DeviceError as error:
        log.error("%s: %s", name, error)
        return MissingDevice(str(error))
