"""What a lane's camera sees of a code: for the aiming page, and for the exposure of a camera that can be told."""

from collections.abc import Callable
from typing import cast

from station import config as cfg
from station.devices import Camera, ExposureControl
from station.devices.camera.exposure import Bracketing
from station.domain.aim import IN_VIEW_S, Aim, aim_of
from station.domain.scan import Code, Corners, Frame

Seen = tuple[Frame, Code] | None


def lane_aim(newest: Frame | None, last: Seen) -> Aim | None:
    """:param last: the last code read, and where. :return: None before the first frame."""
    if newest is None:
        return None
    if last is None or newest.captured - last[0].captured > IN_VIEW_S:
        return aim_of(newest.image)
    return aim_of(newest.image, (last[0].image, last[1]))


def bracketing(
    config: cfg.CameraConfig, driver: Camera, last: Callable[[], Seen], clock: Callable[[], float]
) -> Bracketing | None:
    """None where exposure is left to the camera."""
    match config:
        case cfg.V4l2CameraConfig(exposure="bracket") | cfg.PiCameraConfig(exposure="bracket"):
            return Bracketing(cast(ExposureControl, driver), lambda: _in_view(last(), clock()))
        case _:
            return None


def _in_view(last: Seen, now: float) -> Corners | None:
    return last[1].corners if last is not None and now - last[0].captured <= IN_VIEW_S else None
