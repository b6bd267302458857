"""One sensor on an I2C bus, through smbus2."""

from contextlib import AbstractContextManager
from typing import Any, Protocol

from smbus2 import SMBus

from station.devices import DeviceError
from station.devices.driver_errors import translated_errors

REMEDY = "check its wiring, its address and that I2C is switched on"
MOST = 32
"""Bytes of one block, by the SMBus specification."""


class Bus(Protocol):
    """What of smbus2's SMBus is used."""

    def read_i2c_block_data(self, i2c_addr: int, register: int, length: int) -> list[int]: ...

    def write_byte_data(self, i2c_addr: int, register: int, value: int) -> Any: ...

    def close(self) -> None: ...


class I2cSensor:
    """Opens the bus when it is first needed, and again after an error."""

    def __init__(self, name: str, bus: int, address: int) -> None:
        self._name = f"thermometer {name} on /dev/i2c-{bus} at {address:#04x}"
        self._number = bus
        self.address = address
        self._bus: Bus | None = None

    @property
    def is_open(self) -> bool:
        return self._bus is not None

    def open(self) -> None:
        """:raises DeviceError: there is no such bus."""
        with self._errors():
            self._bus = SMBus(self._number)

    def read(self, register: int, length: int) -> bytes:
        """:raises DeviceError: nobody answers."""
        found = bytearray()
        with self._errors():
            while len(found) < length:
                part = min(MOST, length - len(found))
                answer = bytes(self._opened().read_i2c_block_data(self.address, register + len(found), part))
                if len(answer) != part:
                    raise self.lost(f"answers {len(answer)} of {part} bytes")
                found += answer
        return bytes(found)

    def write(self, register: int, value: int) -> None:
        """:raises DeviceError: nobody answers."""
        with self._errors():
            self._opened().write_byte_data(self.address, register, value)

    def lost(self, why: str) -> DeviceError:
        return DeviceError(f"{self._name}: {why}; {REMEDY}")

    def _errors(self) -> AbstractContextManager[None]:
        return translated_errors(self._name, REMEDY)

    def close(self) -> None:
        bus, self._bus = self._bus, None
        if bus is not None:
            with self._errors():
                bus.close()

    def _opened(self) -> Bus:
        if self._bus is None:
            self.open()
        assert self._bus is not None
        return self._bus
