"""What doctor says of a machine, over a /sys of the test's own."""

from pathlib import Path

import pytest

from station.commands import doctor_machine
from station.commands.doctor_check import Check
from station.commands.doctor_machine import look_at_clock, look_at_machine


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only programs there are."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def said(root: Path) -> dict[str, Check]:
    return {check.name: check for check in look_at_machine(root)}


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def program(folder: Path, name: str, answer: str, code: int = 0) -> None:
    put(folder / name, f"#!/bin/sh\necho '{answer}'\nexit {code}\n")
    (folder / name).chmod(0o755)


def test_a_machine_without_sensors_is_as_it_should_be(tmp_path: Path) -> None:
    found = said(tmp_path)
    assert [found[name].ok for name in ("temperature", "power", "battery-backed clock")] == [None, None, None]


@pytest.mark.parametrize(("millidegrees", "ok", "text"), [("54321\n", True, "54 °C"), ("80100\n", False, "80 °C")])
def test_the_hottest_sensor_counts(tmp_path: Path, millidegrees: str, ok: bool, text: str) -> None:
    put(tmp_path / "sys/class/thermal/thermal_zone0/temp", "30000\n")
    put(tmp_path / "sys/class/thermal/thermal_zone1/temp", millidegrees)
    assert (said(tmp_path)["temperature"].ok, said(tmp_path)["temperature"].found) == (ok, text)


@pytest.mark.parametrize(
    ("answer", "ok", "text"),
    [
        ("throttled=0x0", True, "no undervoltage"),
        ("throttled=0x50005", False, "undervoltage now"),
        ("throttled=0x50000", False, "undervoltage since the boot"),
        ("throttled=0x20000", True, "no undervoltage"),
    ],
)
def test_the_firmware_tells_of_undervoltage_now_and_earlier(
    tmp_path: Path, programs: Path, answer: str, ok: bool, text: str
) -> None:
    program(programs, "vcgencmd", answer)
    assert (said(tmp_path)["power"].ok, said(tmp_path)["power"].found) == (ok, text)


@pytest.mark.parametrize(("alarm", "ok"), [("0\n", True), ("1\n", False)])
def test_without_vcgencmd_the_kernel_tells(tmp_path: Path, programs: Path, alarm: str, ok: bool) -> None:
    program(programs, "vcgencmd", "VCHI initialization failed", 255)
    put(tmp_path / "sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
    put(tmp_path / "sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    put(tmp_path / "sys/class/hwmon/hwmon1/in0_lcrit_alarm", alarm)
    assert said(tmp_path)["power"].ok is ok


def test_a_battery_backed_clock_is_named(tmp_path: Path) -> None:
    put(tmp_path / "sys/class/rtc/rtc0/name", "rtc-ds1307 1-0068\n")
    assert said(tmp_path)["battery-backed clock"].found == "rtc-ds1307 1-0068"


@pytest.mark.parametrize(("synchronised", "found"), [(True, "synchronised"), (False, "not synchronised")])
def test_the_clock_says_from_where_the_time_comes(
    programs: Path, monkeypatch: pytest.MonkeyPatch, synchronised: bool, found: str
) -> None:
    program(programs, "chronyc", "C0A80101,hub.pingyuan.example,3,1792567890.1,0.0,0.0")
    monkeypatch.setattr(doctor_machine, "kernel_synchronised", lambda: synchronised)
    check = look_at_clock()
    assert (check.ok, check.found) == (synchronised, f"{found} from hub.pingyuan.example (stratum 3)")


def test_a_chrony_that_does_not_run_is_no_source(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(programs, "chronyc", "506 Cannot talk to daemon", 1)
    monkeypatch.setattr(doctor_machine, "kernel_synchronised", lambda: True)
    assert look_at_clock().found == "synchronised"
