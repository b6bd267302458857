"""A USB camera through OpenCV's V4L2.

Tested with a stand-in for ``cv2.VideoCapture`` only; never run on a real camera. That goes for exposure as well: the
numbers below are those of the kernel's UVC driver, and whether a camera tells its own exposure while it exposes by
itself is up to the camera.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from station.config import V4l2CameraConfig
from station.devices import DeviceError
from station.devices.driver_errors import translated_errors
from station.domain.scan import Image

REMEDY = "check its cable and power"
READ_SECONDS = 2
"""OpenCV knows no CAP_PROP_READ_TIMEOUT_MSEC for V4L2. How long it waits for a picture (10 s) can be changed by the
environment alone, which it looks at when the process waits for a V4L2 picture for the first time."""

# V4L2_CID_EXPOSURE_AUTO and V4L2_CID_EXPOSURE_ABSOLUTE, which OpenCV hands through as they are.
BY_HAND, BY_ITSELF = 1, 3
UNIT = 100.0  # microseconds
SHORTEST = 100.0  # microseconds
UNKNOWN = 10_000.0  # microseconds; a camera that does not tell its exposure is taken to be here


class V4l2Camera:
    """Motion JPEG at the configured size and rate, one buffer, so that the picture is the newest."""

    def __init__(self, config: V4l2CameraConfig, capture: Callable[..., Any] = cv2.VideoCapture) -> None:
        self._config = config
        self._device = f"/dev/video{config.device}" if config.device.isdigit() else config.device
        self._new_capture = capture
        self._capture: Any = None

    def open(self) -> None:
        """:raises DeviceError: not there, not allowed, or in use."""
        self.close()
        self._check_device()
        os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", str(READ_SECONDS))
        with self._errors():
            self._start()

    def _start(self) -> None:
        capture = self._new_capture(self._device, cv2.CAP_V4L2)
        if not capture.isOpened():
            capture.release()
            raise DeviceError(
                f"camera {self._device}: is in use or gives no video; "
                f"see who holds it with: fuser -v {self._device}, and what it is with: v4l2-ctl --list-devices"
            )
        self._capture = capture  # from here on, whatever is wrong with it, close() gives it back
        # A driver that does not know a wish ignores it and delivers the nearest it can: the frame's own size counts.
        # The format comes first, because the sizes and rates on offer depend on it.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._config.size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._config.size[1])
        capture.set(cv2.CAP_PROP_FPS, self._config.fps)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        if self._config.exposure == "bracket":
            # The camera keeps what it was told last, even by another process.
            capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, BY_ITSELF)

    def _check_device(self) -> None:
        """Say what OpenCV would not: it answers every trouble with the same 'not opened'."""
        device = Path(self._device)
        if not device.exists():
            raise DeviceError(f"camera {device}: does not exist; plug it in, or find its name with: ls /dev/v4l/by-id/")
        if not os.access(device, os.R_OK | os.W_OK):
            raise DeviceError(f"camera {device}: no permission; add the user to group video and log in again")

    def grab(self) -> tuple[Image, float | None]:
        """Wait for the next picture, at most 2 s. :raises DeviceError: unplugged, or it stopped sending."""
        with self._errors():
            taken, picture = self._opened().read()
        if not taken or picture is None or picture.size == 0:
            raise DeviceError(f"camera {self._device}: gives no picture; {REMEDY}")
        return np.asarray(picture, np.uint8), None

    def exposure_limits(self) -> tuple[float, float]:
        """Up to the time from one picture to the next: longer would slow the camera down."""
        return SHORTEST, 1_000_000 / self._config.fps

    def exposure(self) -> float:
        """:raises DeviceError: not open."""
        with self._errors():
            told = float(self._opened().get(cv2.CAP_PROP_EXPOSURE))
        return told * UNIT if told > 0 else UNKNOWN

    def set_exposure(self, microseconds: float) -> None:
        """:raises DeviceError: not open."""
        capture = self._opened()
        with self._errors():
            capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, BY_HAND)
            capture.set(cv2.CAP_PROP_EXPOSURE, max(1, round(microseconds / UNIT)))

    def _opened(self) -> Any:
        if self._capture is None:
            raise DeviceError(f"camera {self._device}: is not open")
        return self._capture

    def close(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            with self._errors():
                capture.release()

    def _errors(self) -> AbstractContextManager[None]:
        return translated_errors(f"camera {self._device}", REMEDY)
