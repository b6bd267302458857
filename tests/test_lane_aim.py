"""What the aiming page and the exposure of a lane are told of its camera."""

import numpy as np
import pytest

from station.bootstrap.aiming import bracketing, lane_aim
from station.config import FileCameraConfig, PiCameraConfig, SimulatedCameraConfig, V4l2CameraConfig
from station.devices.camera.v4l2 import V4l2Camera
from station.domain.scan import Code, Frame

CODE = Code(b"A", "A", "QRCode", ((4, 4), (46, 4), (46, 46), (4, 46)), "test", 21)


def frame(captured: float, gray: int = 120) -> Frame:
    return Frame(np.full((72, 128, 3), gray, np.uint8), 0, captured, captured)


def test_before_the_first_frame_there_is_nothing_to_tell() -> None:
    assert lane_aim(None, None) is None


@pytest.mark.parametrize(("seen", "in_view"), [(9.8, True), (9.0, False)])
def test_a_code_is_in_view_as_long_as_it_was_read_a_moment_ago(seen: float, in_view: bool) -> None:
    aim = lane_aim(frame(10.0), (frame(seen), CODE))
    assert aim
    assert (aim.code is not None) is in_view


def test_the_frames_light_is_the_newest_and_the_codes_is_of_the_frame_it_was_read_in() -> None:
    aim = lane_aim(frame(10.0, gray=200), (frame(9.8, gray=50), CODE))
    assert aim
    assert (round(aim.frame.mean), round(aim.exposure.mean)) == (200, 50)


def test_exposure_is_bracketed_where_the_configuration_asks_for_it() -> None:
    config = V4l2CameraConfig(exposure="bracket")
    assert bracketing(config, V4l2Camera(config), lambda: None, lambda: 0.0) is not None
    for other in (
        V4l2CameraConfig(),
        PiCameraConfig(),
        FileCameraConfig(path="x"),
        SimulatedCameraConfig(passes="x"),
    ):
        assert bracketing(other, V4l2Camera(config), lambda: None, lambda: 0.0) is None
