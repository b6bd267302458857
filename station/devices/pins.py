"""The machine's own GPIO pins: gpiozero over lgpio, or over what GPIOZERO_PIN_FACTORY or a test has chosen."""

import os
from importlib import import_module
from typing import Any

from gpiozero import Device, GPIOZeroError

from station.devices import DeviceError

REMEDY = "check the numbers, the rights on /dev/gpiochip* and that no other process holds them"


def pin_factory() -> Any:
    """gpiozero by itself would go on to other libraries where lgpio fails; a station says that it fails.

    :raises DeviceError: this machine has no pins, or no right to them.
    """
    if Device.pin_factory is None and "GPIOZERO_PIN_FACTORY" not in os.environ:
        try:
            pins = import_module("gpiozero.pins.lgpio")
        except ImportError as error:
            raise DeviceError(f"pins: {error.name} is missing; install the package's hardware extra") from error
        except OSError as error:  # lgpio keeps a pipe beside itself
            raise DeviceError(f"pins: {error}; start the station in a folder that it may write") from error
        try:
            Device.pin_factory = pins.LGPIOFactory()
        except (GPIOZeroError, pins.lgpio.error) as error:
            raise DeviceError(f"pins: {error}; this is no Raspberry Pi, or {REMEDY}") from error
    return Device.pin_factory


def pin_trouble(part: str, error: GPIOZeroError) -> DeviceError:
    return DeviceError(f"{part}: {error}; {REMEDY}")
