from collections.abc import Iterator

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from i2c_bus import FakeBus

from station.devices.thermometer import i2c


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    """gpiozero's own mock in place of the machine's pins."""
    before, Device.pin_factory = Device.pin_factory, MockFactory(pin_class=MockPWMPin)
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = before


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> FakeBus:
    made = FakeBus()
    monkeypatch.setattr(i2c, "SMBus", made)
    return made
