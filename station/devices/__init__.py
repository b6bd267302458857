"""What a lane is made of, as Protocols. A driver is one file and one line in its family's ``DRIVERS``; it is picked
by name in the configuration, imported when picked, and never falls back to another."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Protocol, TypeVar

from station.domain.crossings import Sighting
from station.domain.decision import Outcome
from station.domain.moment import Moment
from station.domain.panel import PanelChange
from station.domain.scan import Image

T_co = TypeVar("T_co", covariant=True)

__all__ = [
    "BarrierStuck",
    "Camera",
    "Clock",
    "DeviceError",
    "Drivers",
    "EndOfStream",
    "ExposureControl",
    "Gate",
    "Panel",
    "Presence",
    "Reader",
    "Sensor",
    "Thermometer",
    "load_driver",
]

Drivers = Sequence[tuple[str, str]]


class DeviceError(Exception):
    """A device is missing, busy or lost. The message names the device and the remedy; the worker reopens it."""


class BarrierStuck(DeviceError):
    """The barrier's pins work, and its arm does not follow."""


class EndOfStream(Exception):
    """A file camera that does not loop has played to its end: not a fault."""


class Camera(Protocol):
    """A source of pictures. ``open``, then ``grab`` until ``close``; after an error, ``close`` and ``open`` again."""

    def open(self) -> None:
        """:raises DeviceError: not there, busy, or not to be opened."""
        ...

    def grab(self) -> tuple[Image, float | None]:
        """Wait for the next picture.

        :return: the picture (height x width x 3 BGR or height x width gray, 8 bit; a buffer of its own) and
            its position in the source in seconds, None for a live camera.
        :raises DeviceError: the camera is lost.
        :raises EndOfStream: the source has played to its end.
        """
        ...

    def close(self) -> None:
        """Free the device. Closing a closed camera is harmless."""
        ...


class ExposureControl(Protocol):
    """What a camera may be able to do besides: be told how long to expose. Times are microseconds at the sensor's own
    sensitivity; a driver that makes up for time with gain counts the product of both."""

    def exposure_limits(self) -> tuple[float, float]:
        """The shortest and the longest."""
        ...

    def exposure(self) -> float:
        """As it is now, by itself or told. :raises DeviceError: the camera is lost."""
        ...

    def set_exposure(self, microseconds: float) -> None:
        """From now on, until the camera is opened again; a camera that does not heed is seen not to.

        :raises DeviceError: the camera is lost.
        """
        ...


class Sensor(Protocol[T_co]):
    """Something that tells when it has something to tell. ``open``, then ``wait`` until ``close``; after an error,
    ``close`` and ``open`` again. ``worker.py`` does that."""

    def open(self) -> None:
        """:raises DeviceError: not there, busy, or not to be opened."""
        ...

    def wait(self, timeout: float) -> T_co | None:
        """What comes next, None when nothing came in so many seconds. :raises DeviceError: the device is lost."""
        ...

    def close(self) -> None:
        """Free the device. Closing a closed sensor is harmless."""
        ...


Presence = Sensor[Sighting]
"""Beam, loop or video. The first sighting after opening says how it stands."""

Panel = Sensor[PanelChange]
"""Buttons, switches and doors. The first change of a switch or a door after opening says how it stands."""

Reader = Sensor[str]
"""A hand-held scanner: the text of one code each."""


class Gate(Protocol):
    """Barrier, lamp and buzzer of one lane."""

    def show(self, outcome: Outcome) -> None:
        """Open on granted; stay shut on held and denied. :raises DeviceError: the hardware did not follow."""
        ...

    def keep(self, occupied: bool) -> None:
        """Several times a second: close once the time is over, but never on what stands in the beam.

        :param occupied: something is in the beam, or nobody knows because the sensor is lost; False without a sensor.
        :raises BarrierStuck: the barrier does not follow.
        :raises DeviceError: the hardware is lost.
        """
        ...

    def hold_open(self) -> None:
        """Open, and stay open until ``release``, whatever is shown: an emergency. :raises DeviceError: as ``show``."""
        ...

    def release(self) -> None:
        """The emergency is over; ``keep`` closes."""
        ...

    def close(self) -> None: ...


class Thermometer(Protocol):
    def read(self) -> float | None:
        """One measurement in degrees Celsius, None where no body is in front. :raises DeviceError: the sensor is lost.

        A sensor that is not open yet, or was lost, is opened first.
        """
        ...

    def close(self) -> None:
        """Free the device. Closing a closed thermometer is harmless."""
        ...


class Clock(Protocol):
    def now(self) -> Moment:
        """The present, with whether it can be trusted."""
        ...


def load_driver(drivers: Drivers, name: str, extra: str = "hardware") -> Any:
    """Import the class of a named driver. :param extra: of the package, that brings what the driver needs.

    :raises DeviceError: the driver's library is not installed.
    """
    module, _, attribute = dict(drivers)[name].partition(":")
    try:
        return getattr(import_module(module), attribute)
    except ImportError as error:
        raise DeviceError(
            f"driver {name!r} needs {error.name}; install the package's {extra} extra or the system's package"
        ) from error
