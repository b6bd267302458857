"""What doctor says of the machine while its station runs, as the touchscreen is told it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from authority import Authority
from certificates import a_dsc
from made import KEY

from station import config as cfg
from station.clock import utc_now
from station.commands.doctor_beside import look_beside
from station.domain.condition import Condition, Part, PartView
from station.passes.keys import public_pem

pytestmark = pytest.mark.clock

NAME = "g107-bridge-north"


@pytest.fixture
def station(tmp_path: Path) -> cfg.StationConfig:
    """On a machine that measures nothing, with the district's key."""
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "district.pub").write_bytes(public_pem(KEY))
    section = cfg.StationSection(id=NAME, name="", district="d", levels=("d",), data_dir=str(tmp_path))
    lane = cfg.LaneConfig(id="1", camera=cfg.FileCameraConfig(path="gate.png"))
    return cfg.StationConfig(station=section, lanes=(lane,))


def found(station: cfg.StationConfig, root: Path) -> dict[Part, PartView]:
    return {view.part: view for view in look_beside(station, root)}


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_a_machine_that_measures_nothing_is_as_it_should_be_and_without_a_hub_has_no_certificates(
    station: cfg.StationConfig, tmp_path: Path
) -> None:
    views = found(station, tmp_path)
    assert set(views) == {Part.TEMPERATURE, Part.BATTERY_CLOCK, Part.DISK_HEALTH, Part.KEYS}
    assert [view.part for view in views.values() if view.well is False] == []


def test_heat_and_clock_are_read_where_the_machine_tells_them(station: cfg.StationConfig, tmp_path: Path) -> None:
    put(tmp_path / "sys/class/thermal/thermal_zone0/temp", "85600\n")
    put(tmp_path / "sys/class/rtc/rtc0/name", "rtc-ds1307\n")
    views = found(station, tmp_path)
    assert views[Part.TEMPERATURE] == PartView(Part.TEMPERATURE, False, Condition.TEMPERATURE_HOT, {"celsius": 86})
    assert views[Part.BATTERY_CLOCK].condition is Condition.BATTERY_CLOCK_THERE


def test_certificates_are_told_with_their_last_day(station: cfg.StationConfig, tmp_path: Path) -> None:
    ca, cert, key = Authority().write(tmp_path, NAME)
    uplink = cfg.UplinkSection(url="mqtts://localhost:1", ca=str(ca), cert=str(cert), key=str(key))
    views = found(replace(station, uplink=uplink), tmp_path)
    for part in (Part.AUTHORITY, Part.CERTIFICATE):
        assert (views[part].well, views[part].condition) == (True, Condition.CERTIFICATE_GOOD)
        assert date.fromisoformat(str(views[part].values["day"])) > utc_now().date()


def test_a_third_partys_certificate_that_has_ended_is_counted_and_is_no_fault(
    station: cfg.StationConfig, tmp_path: Path
) -> None:
    (tmp_path / "trust" / "health.der").write_bytes(a_dsc(days=-29))
    view = found(station, tmp_path)[Part.KEYS]
    assert (view.well, view.condition, view.values) == (True, Condition.KEYS_EXPIRED, {"count": 2, "expired": 1})
