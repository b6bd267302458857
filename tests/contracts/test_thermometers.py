"""Every thermometer driver, found by the tuple that registers it, is held to the same behaviour."""

from dataclasses import fields
from typing import Any, get_args

import pytest

from station.config import (
    Amg8833Config,
    HttpThermometerConfig,
    Mlx90614Config,
    SerialThermometerConfig,
    SimulatedThermometerConfig,
    ThermometerConfig,
)
from station.devices import DeviceError, Thermometer, load_driver, thermometer

NOT_HERE: dict[str, Any] = {
    "mlx90614": Mlx90614Config(bus=99),
    "amg8833": Amg8833Config(bus=99),
    "serial": SerialThermometerConfig(device="/dev/ttyNOTHING"),
    "http": HttpThermometerConfig(url="http://127.0.0.1:9/"),
}
CONFIGS = NOT_HERE | {"simulated": SimulatedThermometerConfig(seed=3, fever_every=10)}


def made(driver: str) -> Thermometer:
    sensor: Thermometer = load_driver(thermometer.DRIVERS, driver)(CONFIGS[driver])
    return sensor


def test_every_driver_has_a_configuration_of_its_name_and_the_other_way_round() -> None:
    union, *_ = get_args(ThermometerConfig)
    named = {item.default for kind in get_args(union) for item in fields(kind) if item.name == "driver"}
    assert named == {name for name, _ in thermometer.DRIVERS} | {"none"}


@pytest.mark.parametrize("driver", [name for name, _ in thermometer.DRIVERS])
def test_a_thermometer_is_made_without_touching_the_device(driver: str) -> None:
    sensor = made(driver)
    sensor.close()
    sensor.close()


@pytest.mark.parametrize("driver", NOT_HERE)
def test_a_sensor_that_is_not_there_is_named_in_one_line_with_a_remedy_each_time_it_is_read(driver: str) -> None:
    sensor = made(driver)
    for _ in range(2):
        with pytest.raises(DeviceError, match=r"^thermometer .*; check ") as caught:
            sensor.read()
        assert "\n" not in str(caught.value)
        sensor.close()


def test_the_simulated_one_reads_body_temperatures_and_has_the_fever_it_was_told_for_the_same_seed() -> None:
    first, second = ([sensor.read() for _ in range(1000)] for sensor in (made("simulated"), made("simulated")))
    assert first == second
    measured = [celsius for celsius in first if celsius is not None]
    assert len(measured) == 1000
    assert all(30 < celsius < 45 for celsius in measured)
    assert 50 < sum(celsius >= 37.3 for celsius in measured) < 170
