"""An IP camera: RTSP over TCP, or motion JPEG over HTTP, through OpenCV's FFmpeg."""

import os
import re

import cv2
import numpy as np

from station.config import NetworkCameraConfig
from station.devices import DeviceError
from station.domain.scan import Image

TIMEOUT_MS = 2000
FFMPEG_OPTIONS = "rtsp_transport;tcp"
"""FFmpeg's options in OpenCV's own writing. OpenCV takes them from the environment and nowhere else, so they hold for
every capture of the process: ``fflags;nobuffer`` is not among them because it robs video files of their first
pictures, and gains nothing here, where whatever was buffered while connecting is read off at once."""


class NetworkCamera:
    """One decoding thread, because FFmpeg keeps a picture back for each further one."""

    def __init__(self, config: NetworkCameraConfig) -> None:
        self._url = config.url
        self._name = f"camera {without_credentials(config.url)}"
        self._capture: cv2.VideoCapture | None = None

    def open(self) -> None:
        """Connect, in at most 2 s or so. :raises DeviceError: no answer, refused, or no video there."""
        self.close()
        os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", FFMPEG_OPTIONS)
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, TIMEOUT_MS]
        capture = cv2.VideoCapture(self._url, cv2.CAP_FFMPEG, [*limits, cv2.CAP_PROP_N_THREADS, 1])
        if not capture.isOpened():
            capture.release()
            raise DeviceError(
                f"{self._name}: does not answer with video; check its power, the network, the address and the password"
            )
        self._capture = capture

    def grab(self) -> tuple[Image, float | None]:
        """Wait for the next picture, at most 2 s. :raises DeviceError: the stream has broken off."""
        if self._capture is None:
            raise DeviceError(f"{self._name}: is not open")
        taken, picture = self._capture.read()
        if not taken:
            raise DeviceError(f"{self._name}: the stream has broken off; check its power and the network")
        return np.asarray(picture, np.uint8), None

    def close(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()


def without_credentials(url: str) -> str:
    """The address as it may be shown: scheme, host and port. Cameras take passwords before the @, in the path and in
    the query, and people do not escape them, so all before the last @ goes and all after the host."""
    scheme, _, rest = url.partition("://")
    hidden, at, place = rest.rpartition("@")
    host = re.split(r"[/?#]", place, maxsplit=1)[0]
    return f"{scheme}://{'***@' if hidden or at else ''}{host}"
