"""What a screen may ask of a running station, lane by lane."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import cv2

from station.bootstrap.aiming import lane_aim
from station.bootstrap.lane_parts import LaneParts
from station.devices.camera.worker import CameraState
from station.domain.aim import Aim
from station.domain.commands import Command, Refusal, Refused
from station.domain.scan import Image
from station.domain.shifts import UNATTENDED
from station.domain.view import PassageView

PICTURE_WIDTH, PHOTOGRAPH_WIDTH = 480, 640
PICTURE_QUALITY = 70


class ScreenDesk:
    """Every method may be called from any thread."""

    def __init__(self, lanes: Mapping[str, LaneParts], operator: Callable[[str], str]) -> None:
        """:param operator: whose number a lane's records carry; empty where nobody is signed on."""
        self._lanes, self._operator = lanes, operator

    def command(self, lane: str, command: Command) -> PassageView:
        """:raises Refused: nothing was done."""
        if lane not in self._lanes:
            raise Refused(Refusal.NOT_FOUND)
        return self._lanes[lane].lane.ask(replace(command, operator=self._operator(lane) or UNATTENDED))

    def name(self, lane: str, passage: int) -> str:
        """Whom a certificate of the passage on a lane's screen names; empty for any other passage."""
        return self._lanes[lane].lane.name(passage) if lane in self._lanes else ""

    def picture(self, lane: str) -> bytes | None:
        """The newest frame of a lane as a JPEG, ``PICTURE_WIDTH`` pixels wide; None when there is none."""
        frame = self._lanes[lane].frames.peek() if lane in self._lanes else None
        return None if frame is None else _jpeg(frame.image, PICTURE_WIDTH)

    def photograph(self, lane: str) -> bytes | None:
        """A lane as it is now, ``PHOTOGRAPH_WIDTH`` pixels wide; None while its camera gives no picture."""
        parts = self._lanes.get(lane)
        frame = parts.frames.peek() if parts is not None else None
        if parts is None or frame is None or parts.camera.state(time.monotonic()) is not CameraState.OK:
            return None
        return _jpeg(frame.image, PHOTOGRAPH_WIDTH)

    def aim(self, lane: str) -> Aim | None:
        """How well a lane's camera is aimed, worked out when it is asked for; None while it gives no picture."""
        parts = self._lanes.get(lane)
        if parts is None or parts.camera.state(time.monotonic()) in (CameraState.OPENING, CameraState.LOST):
            return None
        return lane_aim(parts.frames.peek(), parts.scanner.last)


def _jpeg(image: Image, most: int) -> bytes:
    """An image as a JPEG of that width."""
    height, width = image.shape[:2]
    small = cv2.resize(image, (most, max(1, height * most // width)), interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, PICTURE_QUALITY))
    return jpeg.tobytes()
