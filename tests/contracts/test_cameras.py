"""What every camera driver must do, whichever it is: found through ``DRIVERS``, held to the same behaviour."""

import contextlib
import importlib
import json
import sys
import types
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import pytest

from station.config import (
    CameraConfig,
    FileCameraConfig,
    NetworkCameraConfig,
    PiCameraConfig,
    SimulatedCameraConfig,
    V4l2CameraConfig,
)
from station.devices import Camera, DeviceError, load_driver
from station.devices.camera import DRIVERS

NAMES = [name for name, _ in DRIVERS]
PLAYABLE = ["file", "simulated"]
"""The drivers that can really run on any machine; the others are opened on what is not there."""


class NoPicamera2:
    """picamera2 on a Pi without a camera."""

    def __init__(self, camera_num: int = 0) -> None:
        raise IndexError("list index out of range")


@pytest.fixture(autouse=True)
def picamera2(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    fake = types.ModuleType("picamera2")
    fake.Picamera2 = NoPicamera2  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "picamera2", fake)
    sys.modules.pop("station.devices.camera.picamera", None)
    yield
    sys.modules.pop("station.devices.camera.picamera", None)


def configs(tmp_path: Path) -> dict[str, Any]:
    """A valid configuration of each driver that points at something that is not there."""
    gone = str(tmp_path / "gone")
    return {
        "v4l2": V4l2CameraConfig(device=gone),
        "picamera": PiCameraConfig(),
        "network": NetworkCameraConfig(url="http://127.0.0.1:9/stream"),
        "file": FileCameraConfig(path=gone),
        "simulated": SimulatedCameraConfig(passes=gone, size=(320, 180)),
    }


def camera(name: str, config: Any) -> Camera:
    made: Camera = load_driver(DRIVERS, name)(config)
    return made


def working(name: str, tmp_path: Path) -> Camera:
    cv2.imwrite(str(tmp_path / "road.png"), np.zeros((48, 64, 3), np.uint8))
    (tmp_path / "passes.jsonl").write_text(json.dumps(["CP1:A"]) + "\n")
    ready = {
        "file": FileCameraConfig(path=str(tmp_path / "road.png"), loop=True, pace="fast"),
        "simulated": SimulatedCameraConfig(passes=str(tmp_path / "passes.jsonl"), size=(320, 180), fps=200),
    }
    return camera(name, ready[name])


def test_every_driver_has_a_configuration_of_its_name_and_the_other_way_round() -> None:
    union, *_ = get_args(CameraConfig)
    assert {field.default for kind in get_args(union) for field in fields(kind) if field.name == "driver"} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_driver_is_imported_only_when_it_is_picked(name: str) -> None:
    module = dict(DRIVERS)[name].partition(":")[0]
    importlib.import_module("station.devices.camera")
    assert not hasattr(sys.modules["station.devices.camera"], "V4l2Camera")
    assert load_driver(DRIVERS, name).__module__ == module


@pytest.mark.parametrize("name", NAMES)
def test_a_driver_is_made_from_its_configuration_without_touching_the_device(name: str, tmp_path: Path) -> None:
    made = camera(name, configs(tmp_path)[name])
    made.close()
    made.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_device_that_is_not_there_is_named_in_one_line_with_a_remedy(name: str, tmp_path: Path) -> None:
    made = camera(name, configs(tmp_path)[name])
    for _ in range(2):
        with pytest.raises(DeviceError) as caught:
            made.open()
        assert "\n" not in str(caught.value)
        assert "camera" in str(caught.value)
        assert "check" in str(caught.value) or "plug" in str(caught.value)
        made.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_camera_that_is_not_open_gives_no_picture(name: str, tmp_path: Path) -> None:
    made = camera(name, configs(tmp_path)[name])
    with pytest.raises(DeviceError, match="is not open"):
        made.grab()
    with contextlib.suppress(DeviceError):
        made.open()
    made.close()
    with pytest.raises(DeviceError, match="is not open"):
        made.grab()


@pytest.mark.parametrize("name", PLAYABLE)
def test_a_camera_gives_eight_bit_pictures_in_buffers_of_their_own(name: str, tmp_path: Path) -> None:
    made = working(name, tmp_path)
    made.open()
    first, _ = made.grab()
    kept = first.copy()
    second, _ = made.grab()
    assert first.dtype == np.uint8
    assert first.ndim == 3
    second[:] = 255 - second
    assert np.array_equal(first, kept)
    made.close()


@pytest.mark.parametrize("name", PLAYABLE)
def test_a_camera_opens_again_after_it_was_closed(name: str, tmp_path: Path) -> None:
    made = working(name, tmp_path)
    for _ in range(2):
        made.open()
        assert made.grab()[0].size
        made.close()
        made.close()
