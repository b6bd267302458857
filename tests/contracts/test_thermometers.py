"""Every thermometer driver, found by the tuple that registers it, is held to the same behaviour."""

import pytest

from station.config import SimulatedThermometerConfig
from station.devices import Thermometer, load_driver, thermometer

CONFIGS = {"simulated": SimulatedThermometerConfig(seed=3, fever_every=10)}


@pytest.mark.parametrize("driver", [name for name, _ in thermometer.DRIVERS])
def test_a_thermometer_reads_a_body_temperature_in_celsius_and_closes(driver: str) -> None:
    sensor: Thermometer = load_driver(thermometer.DRIVERS, driver)(CONFIGS[driver])
    readings = [sensor.read() for _ in range(200)]
    assert all(30 < celsius < 45 for celsius in readings)
    sensor.close()


def test_the_simulated_one_has_about_the_fever_it_was_told_and_the_same_for_the_same_seed() -> None:
    made = [load_driver(thermometer.DRIVERS, "simulated")(CONFIGS["simulated"]) for _ in range(2)]
    first, second = ([sensor.read() for _ in range(1000)] for sensor in made)
    assert first == second
    assert 50 < sum(celsius >= 37.3 for celsius in first) < 170
