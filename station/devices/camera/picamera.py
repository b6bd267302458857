"""The Raspberry Pi's CSI camera through picamera2, which Raspberry Pi OS brings along with libcamera.

Tested with a stand-in shaped after picamera2's own source; never run on a Pi.
"""

from contextlib import AbstractContextManager, suppress
from typing import Any

import numpy as np
from picamera2 import Picamera2

from station.config import PiCameraConfig
from station.devices import DeviceError
from station.devices.driver_errors import translated_errors
from station.domain.scan import Image

REMEDY = "check the ribbon cable"
READ_SECONDS = 2.0
BUFFERS = 4
"""Fewer than the six of a video configuration, more than the two below which libcamera drops every other picture."""
BLUR_FREE = 8_000.0
"""Microseconds: light beyond that is made up for by gain, which costs noise and not sharpness."""


class PiCamera:
    """The main stream at the configured size and rate; a picture taken after it was asked for."""

    def __init__(self, config: PiCameraConfig) -> None:
        self._config = config
        self._name = f"CSI camera {config.camera}"
        self._camera: Any = None

    def open(self) -> None:
        """:raises DeviceError: no such camera, or another process holds it."""
        self.close()
        try:
            with self._errors("end the other process that holds it"):
                self._start()
        except DeviceError:
            with suppress(DeviceError):  # the loss is told, not what follows of it
                self.close()
            raise

    def _start(self) -> None:
        try:
            self._camera = Picamera2(self._config.camera)
            self._camera.configure(
                self._camera.create_video_configuration(
                    # libcamera names a format by its bytes from the last: RGB888 lies in memory as B, G, R.
                    main={"size": self._config.size, "format": "RGB888"},
                    buffer_count=BUFFERS,
                    controls={"FrameRate": self._config.fps},
                    # No picture is kept back for the next to ask: the one that is given is new.
                    queue=False,
                )
            )
            self._camera.start()
        except IndexError as error:
            raise DeviceError(
                f"{self._name}: is not there; check the ribbon cable and: rpicam-hello --list-cameras"
            ) from error

    def grab(self) -> tuple[Image, float | None]:
        """Wait for the next picture, at most 2 s. :raises DeviceError: the camera stopped sending."""
        camera = self._opened()
        with self._errors():
            try:
                picture = camera.capture_array("main", wait=READ_SECONDS)
            except TimeoutError as error:
                raise DeviceError(f"{self._name}: gives no picture; {REMEDY}") from error
        return np.ascontiguousarray(picture, np.uint8), None

    def exposure_limits(self) -> tuple[float, float]:
        """At gain 1: from the shortest time to ``BLUR_FREE`` at full gain. :raises DeviceError: not open."""
        with self._errors():
            controls = self._opened().camera_controls
            shortest, _, _ = controls["ExposureTime"]
            _, most_gain, _ = controls["AnalogueGain"]
        return max(1.0, float(shortest)), BLUR_FREE * float(most_gain)

    def exposure(self) -> float:
        """Waits for the next picture. :raises DeviceError: not open, or the camera stopped sending."""
        with self._errors():
            try:
                now = self._opened().capture_metadata(wait=READ_SECONDS)
            except (TimeoutError, RuntimeError) as error:
                raise DeviceError(f"{self._name}: gives no picture; {REMEDY}") from error
            return float(now["ExposureTime"]) * float(now["AnalogueGain"])

    def set_exposure(self, microseconds: float) -> None:
        """:raises DeviceError: not open."""
        time = min(microseconds, BLUR_FREE)
        gain = max(1.0, microseconds / time)
        with self._errors():
            self._opened().set_controls({"AeEnable": False, "ExposureTime": round(time), "AnalogueGain": gain})

    def _opened(self) -> Any:
        if self._camera is None:
            raise DeviceError(f"{self._name}: is not open")
        return self._camera

    def close(self) -> None:
        camera, self._camera = self._camera, None
        if camera is not None:
            with self._errors():
                camera.close()

    def _errors(self, remedy: str = REMEDY) -> AbstractContextManager[None]:
        return translated_errors(self._name, remedy)
