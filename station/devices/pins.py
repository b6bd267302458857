"""The machine's own GPIO pins: gpiozero over libgpiod, or over what a test has chosen."""

from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

from gpiozero import Device, GPIOZeroError

from station.devices import DeviceError
from station.devices.driver_errors import translated_errors

REMEDY = "check the numbers, the rights on /dev/gpiochip* and that no other process holds them"


def pin_factory() -> Any:
    """gpiozero by itself would try one library after the other; a station says what is wrong with its pins.

    :raises DeviceError: this machine has no pins, or no right to them.
    """
    if Device.pin_factory is None:
        try:
            chip = import_module("station.devices.gpio_chip")
        except ImportError as error:
            raise DeviceError(f"pins: {error.name} is missing; install the package's hardware extra") from error
        try:
            Device.pin_factory = chip.GpioChipFactory()
        except GPIOZeroError as error:
            raise DeviceError(f"pins: {error}; this is no Raspberry Pi, or {REMEDY}") from error
    return Device.pin_factory


def pin_errors(part: str) -> AbstractContextManager[None]:
    """What the pins of ``part`` raise becomes its :exc:`DeviceError`: gpiozero's errors and those of its libraries."""
    return translated_errors(part, REMEDY)
