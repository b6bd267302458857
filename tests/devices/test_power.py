"""The supply of the machine: told at once when it breaks down, and for a while after."""

from pathlib import Path

import pytest

from station.devices.power import LOOK_EVERY, SAID_FOR, PowerWatch, firmware_word, kernel_alarm
from station.domain.power import Power


def test_a_supply_that_breaks_down_for_an_instant_is_told_for_ten_minutes_and_remembered_after() -> None:
    found = iter((Power.GOOD, Power.LOW, Power.GOOD, Power.GOOD, Power.GOOD))
    watch = PowerWatch(lambda: next(found))
    asked = (0.0, LOOK_EVERY, 2 * LOOK_EVERY, SAID_FOR, LOOK_EVERY + SAID_FOR)
    said = [watch.power(now) for now in asked]
    assert said == [Power.GOOD, Power.LOW, Power.LOW, Power.LOW, Power.LOW_EARLIER]


def test_it_is_looked_at_every_ten_seconds_and_no_more_often() -> None:
    looks: list[None] = []
    watch = PowerWatch(lambda: looks.append(None) or Power.GOOD)
    for now in (0.0, 1.0, LOOK_EVERY - 0.1, LOOK_EVERY):
        watch.power(now)
    assert len(looks) == 2


@pytest.mark.parametrize("said", ["throttled=", "throttled=0x", "VCHI initialization failed", ""])
def test_a_firmware_that_says_something_else_measures_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    (tmp_path / "vcgencmd").write_text(f"#!/bin/sh\necho '{said}'\n")
    (tmp_path / "vcgencmd").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert firmware_word() is Power.UNKNOWN


def test_a_kernel_without_the_pis_sensor_measures_nothing(tmp_path: Path) -> None:
    (tmp_path / "sys/class/hwmon/hwmon0").mkdir(parents=True)
    (tmp_path / "sys/class/hwmon/hwmon0/name").write_text("rpi_volt\n")
    assert kernel_alarm(tmp_path / "elsewhere") is Power.UNKNOWN
    assert kernel_alarm(tmp_path) is Power.UNKNOWN  # its alarm cannot be read
