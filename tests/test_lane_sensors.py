"""A lane's sensors as a whole station wires them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
import pytest
from waiting import until

from station.bootstrap import Station
from station.bootstrap.sensors import lane_sensors
from station.config import LaneConfig, SimulatedCameraConfig, VideoPresenceConfig, load_station
from station.devices import DeviceError
from station.devices.clock import SystemClock
from station.devices.presence.simulated import SimulatedPresence
from station.devices.reader import evdev
from station.domain.crossings import SensorLost, Sighting
from station.domain.panel import PanelChange
from station.domain.scan import Frame
from station.scanning.guard import RepeatGuard
from station.scanning.hand import HandScanner

pytestmark = pytest.mark.clock

TOML = """
[station]
id = "north"
name = "North"
district = "pingyuan"
levels = ["pingyuan"]
data_dir = "{folder}/data"
clock = "always"

[[lanes]]
id = "1"
camera = {{ driver = "file", path = "{folder}/road.png" }}
{parts}
"""


class Typed:
    """A hand scanner that types what a test says, in place of the evdev driver."""

    texts: ClassVar[list[str]] = []

    def __init__(self, config: object) -> None:
        del config

    def open(self) -> None:
        """Nothing to open."""

    def wait(self, timeout: float) -> str | None:
        if not self.texts:
            raise DeviceError("scanner: unplugged")
        return self.texts.pop(0)

    def close(self) -> None:
        pass


@contextmanager
def a_station(folder: Path, parts: str) -> Iterator[Station]:
    cv2.imwrite(str(folder / "road.png"), np.zeros((48, 64), np.uint8))
    (folder / "station.toml").write_text(TOML.format(folder=folder, parts=parts), encoding="utf-8")
    station = Station(load_station(folder / "station.toml"))
    station.start()
    try:
        until(lambda: "lane/1" in station.feed.changes(0, 0)[1], what="the lane's first view")
        yield station
    finally:
        assert station.close() == []
    assert station.workers.failure is None


def view(station: Station) -> dict[str, Any]:
    found: dict[str, Any] = station.feed.changes(0, 0)[1]["lane/1"]
    return found


def sensors_of(station: Station) -> Any:
    lanes: Any = station.health.report()[1]["lanes"]
    return lanes["1"]["sensors"]


def test_a_lost_presence_sensor_is_on_the_screen_and_in_healthz_until_it_is_back(tmp_path: Path) -> None:
    with a_station(tmp_path, 'presence = { driver = "simulated" }') as station:
        until(lambda: station.health.report()[0], what=f"a healthy station: {station.health.report()}")
        assert sensors_of(station) == {"presence": "ok"}
        sensor: Any = station.lanes["1"].sensors.workers["presence"]._sensor
        assert isinstance(sensor, SimulatedPresence)
        sensor.unplug()
        until(lambda: view(station)["faults"] == ("presence_lost",), what=str(view(station)["faults"]))
        assert not station.health.report()[0]
        assert "plug it in again" in sensors_of(station)["presence"]
        sensor.plug()
        until(lambda: view(station)["faults"] == (), what=str(view(station)["faults"]))


def test_what_the_hand_scanner_reads_is_decided_and_counted_as_a_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evdev, "EvdevReader", Typed)
    monkeypatch.setattr(Typed, "texts", ["a stranger's code"])
    with a_station(tmp_path, 'reader = { driver = "evdev", device = "0c2e:0b61" }') as station:
        until(lambda: view(station)["scans"] == 1, what="the scan")
        until(lambda: view(station)["counts"]["held"] == 1, what="the passage")
        until(lambda: view(station)["faults"] == ("reader_lost",), what="the unplugged scanner")


def test_presence_by_video_tells_in_the_time_that_decisions_are_stamped_with(monkeypatch: pytest.MonkeyPatch) -> None:
    asleep = 5000.0
    monkeypatch.setattr("station.bootstrap.sensors.since_boot", lambda: time.monotonic() + asleep)
    told: list[Sighting | SensorLost | PanelChange] = []
    config = LaneConfig(id="1", camera=SimulatedCameraConfig(passes=""), presence=VideoPresenceConfig())
    sensors = lane_sensors(config, told.append, _no_hand())
    assert sensors.watched is not None
    watched, number = sensors.watched, 0

    def films() -> bool:
        nonlocal number
        number += 1
        watched.put(Frame(np.full((48, 64), 90, np.uint8), number, time.monotonic(), 0.0))
        sensors.workers["presence"].step()
        return bool(told)

    until(films, what="the first sighting")
    (seen,) = told
    assert isinstance(seen, Sighting)
    assert abs(seen.at - time.monotonic() - asleep) < 60
    sensors.close(())


@pytest.mark.parametrize(("presence", "filled"), [("video", True), ("simulated", False), ("none", False)])
def test_frames_are_kept_a_second_time_only_where_presence_is_by_video(
    tmp_path: Path, presence: str, filled: bool
) -> None:
    with a_station(tmp_path, f'presence = {{ driver = "{presence}" }}') as station:
        watched = station.lanes["1"].sensors.watched
        until(lambda: station.lanes["1"].frames.peek() is not None, what="the first frame")
        if filled:
            assert watched is not None
            until(lambda: watched.peek() is not None, what="the first frame to watch")
        else:
            assert watched is None


def _no_hand() -> HandScanner:
    return HandScanner("1", RepeatGuard(3.0), lambda scan: None, SystemClock().now, time.monotonic)
