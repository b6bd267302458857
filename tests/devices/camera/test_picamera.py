"""The CSI camera, through a stand-in shaped after picamera2's own source; never run on a Pi."""

import sys
import types
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

from station.config import PiCameraConfig
from station.devices import DeviceError, load_driver
from station.devices.camera import DRIVERS

MODULE = "station.devices.camera.picamera"


class FakePicamera2:
    """A camera at index 0. As the real one: IndexError for one that is not there, RuntimeError for one in use."""

    made: ClassVar[list["FakePicamera2"]] = []
    busy: ClassVar[bool] = False

    def __init__(self, camera_num: int = 0) -> None:
        if camera_num > 0:
            raise IndexError("list index out of range")
        if self.busy:
            raise RuntimeError("Camera __init__ sequence did not complete.")
        self.made.append(self)
        self.config: dict[str, Any] = {}
        self.started, self.closed, self.stalled = False, False, False
        self.waited: float | None = None
        self.camera_controls = {"ExposureTime": (26, 112_000_000, 20_000), "AnalogueGain": (1.0, 16.0, 1.0)}
        self.controls: dict[str, Any] = {}

    def capture_metadata(self, wait: float | None = None) -> dict[str, Any]:
        self.waited = wait
        if self.stalled:
            raise TimeoutError
        return {"ExposureTime": 6000, "AnalogueGain": 2.0}

    def set_controls(self, controls: dict[str, Any]) -> None:
        self.controls |= controls

    def create_video_configuration(
        self, main: dict[str, Any], buffer_count: int = 6, controls: dict[str, Any] | None = None, queue: bool = True
    ) -> dict[str, Any]:
        return {"main": main, "buffer_count": buffer_count, "controls": controls or {}, "queue": queue}

    def configure(self, config: dict[str, Any]) -> None:
        self.config = config

    def start(self) -> None:
        self.started = True

    def capture_array(self, name: str = "main", wait: float | None = None) -> Any:
        assert self.started
        self.waited = wait
        if self.stalled:
            raise TimeoutError
        width, height = self.config[name]["size"]
        picture = np.zeros((height, width, 3), np.uint8)
        # What libcamera calls RGB888 lies in memory as B, G, R.
        picture[:, :, ("RGB888", "BGR888").index(self.config[name]["format"]) * 2] = 200
        return picture

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def picamera2(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    FakePicamera2.made, FakePicamera2.busy = [], False
    fake = types.ModuleType("picamera2")
    fake.Picamera2 = FakePicamera2  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "picamera2", fake)
    sys.modules.pop(MODULE, None)
    yield
    sys.modules.pop(MODULE, None)


def camera(**keys: Any) -> Any:
    return load_driver(DRIVERS, "picamera")(PiCameraConfig(**keys))


def test_a_picture_comes_as_blue_green_red_at_the_configured_size_and_rate() -> None:
    watching = camera(size=(640, 480), fps=20)
    watching.open()
    picture, position = watching.grab()
    assert picture.shape == (480, 640, 3)
    assert picture[0, 0].tolist() == [200, 0, 0]
    assert position is None
    (device,) = FakePicamera2.made
    assert device.config["controls"] == {"FrameRate": 20}
    assert device.config["buffer_count"] == 4
    assert device.config["queue"] is False
    assert device.waited == 2.0


def test_a_camera_that_is_not_there_is_named() -> None:
    with pytest.raises(DeviceError, match="CSI camera 1: is not there; check the ribbon cable"):
        camera(camera=1).open()


def test_a_camera_in_use_is_named() -> None:
    FakePicamera2.busy = True
    with pytest.raises(DeviceError, match=r"CSI camera 0: .*; end the other process"):
        camera().open()


def test_a_camera_that_stops_sending_is_an_error_and_opens_again() -> None:
    watching = camera()
    watching.open()
    FakePicamera2.made[0].stalled = True
    with pytest.raises(DeviceError, match="gives no picture"):
        watching.grab()
    watching.close()
    assert FakePicamera2.made[0].closed
    watching.open()
    assert watching.grab()[0].size


def test_without_picamera2_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(DeviceError, match="needs picamera2; install"):
        camera()


def test_exposure_is_time_first_and_gain_beyond_what_motion_forgives() -> None:
    watching = camera(exposure="bracket")
    watching.open()
    (device,) = FakePicamera2.made
    assert "AeEnable" not in device.config["controls"]
    assert watching.exposure() == 12_000
    assert watching.exposure_limits() == (26, 128_000)
    watching.set_exposure(3_000)
    assert device.controls == {"AeEnable": False, "ExposureTime": 3_000, "AnalogueGain": 1.0}
    watching.set_exposure(32_000)
    assert device.controls == {"AeEnable": False, "ExposureTime": 8_000, "AnalogueGain": 4.0}


def test_a_camera_that_does_not_tell_its_exposure_is_lost() -> None:
    watching = camera(exposure="bracket")
    with pytest.raises(DeviceError, match="is not open"):
        watching.exposure()
    watching.open()
    FakePicamera2.made[0].stalled = True
    with pytest.raises(DeviceError, match="gives no picture"):
        watching.exposure()
