"""A USB scanner that types as a keyboard, taken for the station alone so that its keys reach nothing else."""

import select
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from evdev import InputDevice, ecodes

from station.config import EvdevReaderConfig
from station.devices import DeviceError
from station.devices.driver_errors import translated_errors
from station.devices.reader.keys import Typing

REMEDY = "plug it in and check that the station's user is in the group input"
INPUT = Path("/dev/input")
UP, DOWN = 0, 1  # 2 is a key held down, which no scanner means
FORGOTTEN_AFTER = 2.0
"""Seconds without a key after which a code that did not end is forgotten: the scanner was pulled in the middle."""


class EvdevReader:
    def __init__(self, config: EvdevReaderConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._wanted = config.device
        self._clock = clock
        self._device: InputDevice[str] | None = None
        self._typing = Typing(config.layout, config.prefix, config.suffix)
        self._last_key = float("-inf")
        self._read: deque[str] = deque()

    def open(self) -> None:
        """:raises DeviceError: it is not plugged in, or another program has taken it."""
        self.close()
        self._typing.forget()
        self._read.clear()
        with self._errors():
            device = InputDevice(self._path())
        try:
            device.grab()
        except OSError as error:
            device.close()
            raise DeviceError(f"scanner {self._wanted}: another program has taken it; stop that one") from error
        self._device = device

    def wait(self, timeout: float) -> str | None:
        """The text of the next code. :raises DeviceError: not open, or unplugged."""
        device = self._device
        if device is None:
            raise DeviceError(f"scanner {self._wanted}: is not open")
        with self._errors():
            if not self._read and select.select([device.fd], [], [], timeout)[0]:
                self._type(device)
        return self._read.popleft() if self._read else None

    def close(self) -> None:
        """Closing gives the keyboard back to everybody."""
        device, self._device = self._device, None
        if device is not None:
            with self._errors():
                device.close()

    def _type(self, device: InputDevice[str]) -> None:
        now = self._clock()
        if now - self._last_key > FORGOTTEN_AFTER:
            self._typing.forget()
        self._last_key = now
        try:
            keys = [event for event in device.read() if event.type == ecodes.EV_KEY and event.value in (UP, DOWN)]
        except OSError as error:
            raise DeviceError(f"scanner {self._wanted}: unplugged; {REMEDY}") from error
        texts = (self._typing.press(key.code, key.value == DOWN) for key in keys)
        self._read.extend(text for text in texts if text is not None)

    def _path(self) -> str:
        """The device's file; by vendor and product the first keyboard of that make."""
        if self._wanted.startswith("/"):
            return self._wanted
        vendor, product = (int(part, 16) for part in self._wanted.split(":"))
        closed = 0
        for path in input_devices():
            try:
                if _identity(path) == (vendor, product, True):
                    return path
            except PermissionError:
                closed += 1
            except OSError:
                continue  # unplugged while it was looked at
        more = f" among those that may be opened ({closed} may not)" if closed else ""
        raise DeviceError(f"scanner {self._wanted}: is not there{more}; {REMEDY}")

    def _errors(self) -> AbstractContextManager[None]:
        return translated_errors(f"scanner {self._wanted}", REMEDY)


def input_devices() -> list[str]:
    """All there are. evdev's own list leaves out those that may not be written, and says nothing of them."""
    return sorted(map(str, INPUT.glob("event*")))


def _identity(path: str) -> tuple[int, int, bool]:
    """Vendor, product, and whether it has the key that ends a code. :raises OSError: it cannot be opened."""
    device = InputDevice(path)
    try:
        return device.info.vendor, device.info.product, ecodes.KEY_ENTER in device.capabilities().get(ecodes.EV_KEY, [])
    finally:
        device.close()
