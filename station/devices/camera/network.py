"""An IP camera: RTSP over TCP through OpenCV's FFmpeg, motion JPEG or snapshots over HTTP by their own pictures."""

import os
import re
from contextlib import AbstractContextManager

import cv2
import numpy as np

from station.config import NetworkCameraConfig
from station.devices import DeviceError
from station.devices.camera.camera_url import parse_camera_url
from station.devices.camera.http_jpeg import HttpJpegError, HttpJpegReader
from station.devices.camera.images import UnreadableImage, decode_image
from station.devices.driver_errors import translated_errors
from station.domain.scan import Image

TIMEOUT_MS = 2000
MAX_DAMAGED = 5
_CHECK = "check its power, the network, the address and the password"
_BROKEN_OFF = "the stream has broken off; check its power and the network"
FFMPEG_OPTIONS = "rtsp_transport;tcp"
"""FFmpeg's options in OpenCV's own writing. OpenCV takes them from the environment and nowhere else, so they hold for
every capture of the process: ``fflags;nobuffer`` is not among them because it robs video files of their first
pictures, and gains nothing here, where whatever was buffered while connecting is read off at once."""


class NetworkCamera:
    """Over HTTP whatever is JPEG is read as such; any other video, as over RTSP, is FFmpeg's, with one decoding thread,
    because it keeps a picture back for each further one."""

    def __init__(self, config: NetworkCameraConfig) -> None:
        """:raises DeviceError: the address has no host."""
        self._name = f"camera {without_credentials(config.url)}"
        try:
            self._url = parse_camera_url(config.url, config.user, config.password)
        except ValueError as error:
            raise DeviceError(f"{self._name}: {error}; write it as http://host/path") from None
        self._pictures = HttpJpegReader(self._url) if self._url.scheme.startswith("http") else None
        self._jpeg = False
        self._capture: cv2.VideoCapture | None = None

    def open(self) -> None:
        """Connect, in at most 2 s or so. :raises DeviceError: no answer, refused, or no video there."""
        self.close()
        try:
            self._jpeg = self._pictures is not None and self._pictures.open()
        except HttpJpegError as error:
            raise DeviceError(f"{self._name}: does not answer with video ({error}); {_CHECK}") from None
        if not self._jpeg:
            with self._errors():
                self._capture = self._opened()

    def _opened(self) -> cv2.VideoCapture:
        os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", FFMPEG_OPTIONS)
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, TIMEOUT_MS]
        capture = cv2.VideoCapture(self._url.encoded, cv2.CAP_FFMPEG, [*limits, cv2.CAP_PROP_N_THREADS, 1])
        if not capture.isOpened():
            capture.release()
            raise DeviceError(f"{self._name}: does not answer with video; {_CHECK}")
        return capture

    def grab(self) -> tuple[Image, float | None]:
        """Wait for the next picture, at most 2 s. :raises DeviceError: the stream has broken off."""
        if self._jpeg and self._pictures is not None:
            return self._grab_jpeg(self._pictures), None
        if self._capture is None:
            raise DeviceError(f"{self._name}: is not open")
        with self._errors():
            taken, picture = self._capture.read()
        if not taken:
            raise DeviceError(f"{self._name}: {_BROKEN_OFF}")
        return np.asarray(picture, np.uint8), None

    def _grab_jpeg(self, pictures: HttpJpegReader) -> Image:
        """A damaged picture is passed over, but not many in a row."""
        for _ in range(MAX_DAMAGED):
            try:
                return decode_image(pictures.picture())
            except UnreadableImage:
                continue
            except HttpJpegError as error:
                raise DeviceError(f"{self._name}: {_BROKEN_OFF} ({error})") from None
        raise DeviceError(f"{self._name}: {MAX_DAMAGED} pictures in a row are damaged; check its network and settings")

    def close(self) -> None:
        self._jpeg = False
        if self._pictures is not None:
            self._pictures.close()
        capture, self._capture = self._capture, None
        if capture is not None:
            with self._errors():
                capture.release()

    def _errors(self) -> AbstractContextManager[None]:
        return translated_errors(self._name, _CHECK)


def without_credentials(url: str) -> str:
    """The address as it may be shown: scheme, host and port. Cameras take passwords before the @, in the path and in
    the query, and people do not escape them, so all before the last @ goes and all after the host."""
    scheme, _, rest = url.partition("://")
    hidden, at, place = rest.rpartition("@")
    host = re.split(r"[/?#]", place, maxsplit=1)[0]
    return f"{scheme}://{'***@' if hidden or at else ''}{host}"
