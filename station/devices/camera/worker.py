"""Keeps one camera open and its newest frame at hand."""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import StrEnum

import numpy as np

from station.devices import Camera, DeviceError, EndOfStream
from station.devices.camera.exposure import Bracketing
from station.devices.driver_errors import translated_errors
from station.devices.fault_log import FaultLog
from station.domain.scan import Frame, Image

LOST_AFTER = 2.0
"""Seconds without a new frame until a camera counts as lost."""

REMEDY = "check its cable, power and network"
FIRST_PICTURE_TIMEOUT_S = 10.0
"""Seconds until the first one: at a start every lane opens its camera at once, and a browser starts beside them."""

FIRST_RETRY = 0.5
LAST_RETRY = 10.0
LONGEST_WAIT = 0.2
MEASURED = 30


class CameraState(StrEnum):
    OPENING = "opening"
    OK = "ok"
    LOST = "lost"
    ENDED = "ended"


class CameraWorker:
    """One thread calls ``step``; any other may ask how it is.

    The state follows from the newest frame's age at the moment of asking, never from what the camera's thread
    says: a driver that hangs in ``grab`` is told as lost all the same.
    """

    def __init__(
        self,
        name: str,
        camera: Camera,
        put: Callable[[Frame], None],
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
        bracketing: Bracketing | None = None,
    ) -> None:
        self._name = name
        self._camera = camera
        self._put = put
        self._clock = clock
        self._wait = wait
        self._bracketing = bracketing
        self._log = FaultLog(f"camera {name}", clock)
        self._open = False
        self._number = 0
        self._due = float("-inf")
        self._retry = FIRST_RETRY
        # What other threads ask for, under one lock.
        self._lock = threading.Lock()
        self._began = clock()
        self._message = ""
        self._ended = False
        self._size = (0, 0)
        self._captured: deque[float] = deque(maxlen=MEASURED)

    def step(self) -> None:
        """Open, grab one frame, or wait a little. A camera in trouble is closed and opened again later, first after
        0.5 s, then twice as long each time up to 10 s, until a frame has come."""
        now = self._clock()
        if self._ended or now < self._due:
            self._wait(LONGEST_WAIT if self._ended else min(LONGEST_WAIT, self._due - now))
            return
        try:
            if not self._open:
                with self._errors():
                    self._camera.open()
                self._open = True
                if self._bracketing is not None:
                    self._bracketing.restart()
            self._grab()
        except DeviceError as error:
            self._lose(error)
        except EndOfStream:
            self._release()
            with self._lock:
                self._ended, self._message = True, ""

    def close(self) -> None:
        """Free the camera; a later ``step`` would open it again."""
        self._release()

    def state(self, now: float) -> CameraState:
        """:param now: monotonic seconds, by the clock this was made with."""
        with self._lock:
            if self._ended:
                return CameraState.ENDED
            newest = self._captured[-1] if self._captured else None
            late = now - self._began > FIRST_PICTURE_TIMEOUT_S if newest is None else now - newest > LOST_AFTER
            if self._message or late:
                return CameraState.LOST
            return CameraState.OPENING if newest is None else CameraState.OK

    def age(self, now: float) -> float | None:
        """Seconds since the newest frame, None before the first."""
        with self._lock:
            return now - self._captured[-1] if self._captured else None

    @property
    def fault(self) -> str:
        """What is wrong and what to do; empty while nothing is."""
        now = self._clock()
        with self._lock:
            if self._message or self._ended:
                return self._message
        if self.state(now) is CameraState.LOST:
            waited = FIRST_PICTURE_TIMEOUT_S if self.age(now) is None else LOST_AFTER
            return f"camera of lane {self._name}: no picture for {waited:.0f} s; {REMEDY}"
        return ""

    @property
    def fps(self) -> float:
        """Frames a second over the last thirty; 0 once there is none any more."""
        now = self._clock()
        with self._lock:
            times = list(self._captured)
        if len(times) < 2 or now - times[-1] > LOST_AFTER or times[-1] == times[0]:
            return 0.0
        return (len(times) - 1) / (times[-1] - times[0])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the newest frame in pixels, (0, 0) before the first."""
        with self._lock:
            return self._size

    def _grab(self) -> None:
        with self._errors():
            image, position = self._camera.grab()
        if not _is_picture(image):
            raise DeviceError(f"camera of lane {self._name}: sends what is no picture; {REMEDY}")
        captured = self._clock()
        frame = Frame(image, self._number, captured, captured if position is None else position)
        self._number += 1
        self._retry = FIRST_RETRY
        with self._lock:
            if self._message:
                # Frames from before the trouble say nothing about the rate after it.
                self._captured.clear()
            self._captured.append(captured)
            self._size = (image.shape[1], image.shape[0])
            self._message = ""
        self._log.well()
        self._put(frame)
        if self._bracketing is not None:
            with self._errors():
                self._bracketing.see(image, captured)

    def _errors(self) -> AbstractContextManager[None]:
        return translated_errors(f"camera of lane {self._name}", REMEDY)

    def _lose(self, error: DeviceError) -> None:
        self._log.lost(error)
        self._release()
        self._due = self._clock() + self._retry
        self._retry = min(LAST_RETRY, self._retry * 2)
        with self._lock:
            self._message = str(error)

    def _release(self) -> None:
        self._open = False
        try:
            with self._errors():
                self._camera.close()
        except DeviceError as error:
            with self._lock:
                self._message = str(error)


def _is_picture(image: Image) -> bool:
    """What :class:`Camera` promises, and everybody who takes frames relies on."""
    of_kind = image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)
    return bool(of_kind and image.size and image.dtype == np.uint8)
