"""The USB camera, through a stand-in for cv2.VideoCapture: there is no camera on the machine that runs this."""

import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from station.config import V4l2CameraConfig
from station.devices import DeviceError
from station.devices.camera.v4l2 import V4l2Camera
from station.domain.scan import Image


class FakeCapture:
    """What V4l2Camera needs of cv2.VideoCapture."""

    def __init__(self, opens: bool = True) -> None:
        self.opens = opens
        self.asked: list[object] = []
        self.wishes: dict[int, float] = {}
        self.sends: Image | None = np.zeros((720, 1280, 3), np.uint8)
        self.released = 0

    def __call__(self, device: str, backend: int) -> "FakeCapture":
        self.asked = [device, backend]
        return self

    def isOpened(self) -> bool:
        return self.opens

    def set(self, key: int, value: float) -> bool:
        self.wishes[key] = value
        return False

    def get(self, key: int) -> float:
        return self.wishes.get(key, 0.0)

    def read(self) -> tuple[bool, Any]:
        return self.sends is not None, self.sends

    def release(self) -> None:
        self.released += 1


@pytest.fixture
def device(tmp_path: Path) -> Path:
    path = tmp_path / "video7"
    path.touch()
    return path


def test_it_asks_for_motion_jpeg_one_buffer_and_the_configured_size_and_rate(device: Path) -> None:
    capture = FakeCapture()
    camera = V4l2Camera(V4l2CameraConfig(device=str(device), size=(640, 480), fps=30), capture)
    camera.open()
    assert capture.asked == [str(device), cv2.CAP_V4L2]
    assert list(capture.wishes.items()) == [
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
        (cv2.CAP_PROP_FRAME_WIDTH, 640),
        (cv2.CAP_PROP_FRAME_HEIGHT, 480),
        (cv2.CAP_PROP_FPS, 30),
        (cv2.CAP_PROP_BUFFERSIZE, 1),
    ]
    assert os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] == "2"
    picture, position = camera.grab()
    assert picture.shape == (720, 1280, 3)
    assert position is None


def test_a_number_names_the_video_device_of_that_number() -> None:
    with pytest.raises(DeviceError, match="/dev/video99: does not exist; plug it in"):
        V4l2Camera(V4l2CameraConfig(device="99"), FakeCapture()).open()


def test_a_missing_right_names_the_group(device: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *args: False)
    with pytest.raises(DeviceError, match="video7: no permission; add the user to group video"):
        V4l2Camera(V4l2CameraConfig(device=str(device)), FakeCapture()).open()


def test_a_device_in_use_names_how_to_find_who_holds_it(device: Path) -> None:
    capture = FakeCapture(opens=False)
    with pytest.raises(DeviceError, match=r"is in use .* fuser -v"):
        V4l2Camera(V4l2CameraConfig(device=str(device)), capture).open()
    assert capture.released == 1


def test_a_camera_that_was_unplugged_is_an_error_and_opens_again(device: Path) -> None:
    capture = FakeCapture()
    camera = V4l2Camera(V4l2CameraConfig(device=str(device)), capture)
    camera.open()
    sent, capture.sends = capture.sends, None
    with pytest.raises(DeviceError, match="video7: gives no picture; check its cable"):
        camera.grab()
    camera.close()
    capture.sends = sent
    camera.open()
    assert camera.grab()[0].size


def test_exposure_is_left_to_the_camera_unless_it_is_asked_for(device: Path) -> None:
    capture = FakeCapture()
    V4l2Camera(V4l2CameraConfig(device=str(device)), capture).open()
    assert cv2.CAP_PROP_AUTO_EXPOSURE not in capture.wishes


def test_bracketing_begins_with_the_cameras_own_exposure_and_takes_it_over(device: Path) -> None:
    capture = FakeCapture()
    camera = V4l2Camera(V4l2CameraConfig(device=str(device), fps=20, exposure="bracket"), capture)
    camera.open()
    assert capture.wishes[cv2.CAP_PROP_AUTO_EXPOSURE] == 3
    capture.wishes[cv2.CAP_PROP_EXPOSURE] = 156.0
    assert camera.exposure() == 15_600
    assert camera.exposure_limits() == (100, 50_000)
    camera.set_exposure(7_800)
    assert (capture.wishes[cv2.CAP_PROP_AUTO_EXPOSURE], capture.wishes[cv2.CAP_PROP_EXPOSURE]) == (1, 78)
    camera.set_exposure(1)
    assert capture.wishes[cv2.CAP_PROP_EXPOSURE] == 1


def test_a_camera_that_does_not_tell_its_exposure_is_taken_to_be_at_ten_milliseconds(device: Path) -> None:
    camera = V4l2Camera(V4l2CameraConfig(device=str(device), exposure="bracket"), FakeCapture())
    camera.open()
    assert camera.exposure() == 10_000


def test_the_exposure_of_a_closed_camera_is_an_error(device: Path) -> None:
    camera = V4l2Camera(V4l2CameraConfig(device=str(device), exposure="bracket"), FakeCapture())
    with pytest.raises(DeviceError, match="is not open"):
        camera.exposure()
    with pytest.raises(DeviceError, match="is not open"):
        camera.set_exposure(1000)
