"""What doctor says of a lane's camera, light, thermometer, gate and sensors."""

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from station import config as cfg
from station.commands import doctor_lanes
from station.commands.doctor_check import Check
from station.commands.doctor_lanes import look_at_lane
from station.domain.scan import Image


def lane(tmp_path: Path, **parts: object) -> cfg.LaneConfig:
    cv2.imwrite(str(tmp_path / "gate.png"), np.full((48, 64), 120, np.uint8))
    film = cfg.FileCameraConfig(path=str(tmp_path / "gate.png"), loop=True)
    return cfg.LaneConfig(**{"id": "1", "camera": film, **parts})


def said(config: cfg.LaneConfig) -> dict[str, Check]:
    return {check.name.removesuffix(f" of lane {config.id}"): check for check in look_at_lane(config)}


def test_a_camera_is_told_with_its_rate_and_its_light(tmp_path: Path) -> None:
    found = said(lane(tmp_path))
    assert found["camera"].ok is True
    assert found["camera"].found.startswith("file, 64x48, ")
    assert found["camera"].found.endswith(" pictures a second")
    assert found["light"].found == "good: mean 120 of 255, burnt 0%, black 0%"


def test_a_dark_lane_is_wrong_with_what_to_do(tmp_path: Path) -> None:
    config = lane(tmp_path)
    cv2.imwrite(str(tmp_path / "gate.png"), np.zeros((48, 64), np.uint8))
    check = said(config)["light"]
    assert (check.ok, "light the lane" in check.remedy) == (False, True)


class SlowCamera:
    """Two pictures a second where fifteen are asked for."""

    def __init__(self, _: object) -> None:
        self.time = 0.0

    def open(self) -> None: ...

    def grab(self) -> tuple[Image, None]:
        self.time += 0.5
        return np.full((48, 64), 120, np.uint8), None

    def close(self) -> None: ...


def test_a_camera_that_is_too_slow_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = SlowCamera(None)
    monkeypatch.setattr(doctor_lanes, "load_driver", lambda *_: lambda _: slow)
    monkeypatch.setattr(doctor_lanes, "time", SimpleNamespace(monotonic=lambda: slow.time))
    (rate, _) = doctor_lanes._camera(lane(tmp_path, camera=cfg.V4l2CameraConfig()))
    assert (rate.ok, rate.found) == (False, "v4l2, 64x48, 2.0 pictures a second")
    assert rate.remedy.startswith("15 are asked for")


def test_parts_that_are_not_there_are_no_fault(tmp_path: Path) -> None:
    found = said(lane(tmp_path))
    parts = ("thermometer", "gate", "presence", "panel", "reader")
    assert [(found[part].ok, found[part].found) for part in parts] == [(None, "none")] * 5


def test_a_thermometer_is_read_once(tmp_path: Path) -> None:
    check = said(lane(tmp_path, thermometer=cfg.SimulatedThermometerConfig()))["thermometer"]
    assert check.ok is True
    assert check.found.startswith("simulated, 3")


def test_a_part_that_does_not_open_is_told_in_its_own_words(tmp_path: Path) -> None:
    found = said(lane(tmp_path, thermometer=cfg.SerialThermometerConfig(device=str(tmp_path / "ttyUSB9"))))
    assert found["thermometer"].ok is False
    assert "ttyUSB9" in found["thermometer"].found
