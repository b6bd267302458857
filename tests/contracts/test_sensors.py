"""What every presence sensor, panel and reader must do, found by the tuples that register them."""

import importlib
import sys
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from station.config import (
    EvdevReaderConfig,
    GpioPanelConfig,
    GpioPresenceConfig,
    PanelConfig,
    PresenceConfig,
    ReaderConfig,
    SimulatedPanelConfig,
    SimulatedPresenceConfig,
    VideoPresenceConfig,
)
from station.devices import DeviceError, Sensor, load_driver, panel, presence, reader

FAMILIES = {
    "presence": (presence.DRIVERS, PresenceConfig),
    "panel": (panel.DRIVERS, PanelConfig),
    "reader": (reader.DRIVERS, ReaderConfig),
}
CONFIGS: dict[tuple[str, str], Any] = {
    ("presence", "gpio"): GpioPresenceConfig(pin=23),
    ("presence", "video"): VideoPresenceConfig(),
    ("presence", "simulated"): SimulatedPresenceConfig(),
    ("panel", "gpio"): GpioPanelConfig(grant=5),
    ("panel", "simulated"): SimulatedPanelConfig(),
    ("reader", "evdev"): EvdevReaderConfig(device="/dev/input/by-id/not-here"),
}
EVERY = [(family, name) for family, (drivers, _) in FAMILIES.items() for name, _ in drivers]
HERE = [driver for driver in EVERY if driver != ("reader", "evdev")]
"""What opens on any machine: on mock pins, on frames, on nothing."""


@pytest.fixture(autouse=True)
def pins() -> Iterator[None]:
    before, Device.pin_factory = Device.pin_factory, MockFactory()
    yield
    Device.pin_factory.reset()
    Device.pin_factory = before


def made(family: str, name: str) -> Sensor[Any]:
    more = [lambda timeout: None] if name == "video" else []
    sensor: Sensor[Any] = load_driver(FAMILIES[family][0], name)(CONFIGS[family, name], *more)
    return sensor


@pytest.mark.parametrize("family", FAMILIES)
def test_every_driver_has_a_configuration_of_its_name_and_the_other_way_round(family: str) -> None:
    drivers, config = FAMILIES[family]
    union, *_ = get_args(config)
    named = {item.default for kind in get_args(union) for item in fields(kind) if item.name == "driver"}
    assert named == {name for name, _ in drivers} | {"none"}


@pytest.mark.parametrize(("family", "name"), EVERY)
def test_a_driver_is_imported_only_when_it_is_picked(family: str, name: str) -> None:
    drivers, _ = FAMILIES[family]
    module, _, attribute = dict(drivers)[name].partition(":")
    importlib.import_module(f"station.devices.{family}")
    assert not hasattr(sys.modules[f"station.devices.{family}"], attribute)
    assert load_driver(drivers, name).__module__ == module


@pytest.mark.parametrize(("family", "name"), EVERY)
def test_a_driver_is_made_without_touching_the_device_and_tells_nothing_before_it_is_open(
    family: str, name: str
) -> None:
    sensor = made(family, name)
    with pytest.raises(DeviceError, match="is not open"):
        sensor.wait(0)
    sensor.close()
    sensor.close()


@pytest.mark.parametrize(("family", "name"), HERE)
def test_a_sensor_opens_again_after_it_was_closed_and_waits_no_longer_than_asked(family: str, name: str) -> None:
    sensor = made(family, name)
    for _ in range(2):
        sensor.open()
        sensor.wait(0)
        sensor.close()
        with pytest.raises(DeviceError, match="is not open"):
            sensor.wait(0)


def test_a_device_that_is_not_there_is_named_in_one_line_with_a_remedy() -> None:
    sensor = made("reader", "evdev")
    for _ in range(2):
        with pytest.raises(DeviceError) as caught:
            sensor.open()
        assert "\n" not in str(caught.value)
        assert "plug" in str(caught.value)
