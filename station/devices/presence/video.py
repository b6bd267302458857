"""Presence from the lane's own camera, for a lane without a sensor."""

import time
from collections.abc import Callable

from station.config import VideoPresenceConfig
from station.devices import DeviceError
from station.devices.presence.background import Background
from station.devices.steady import Steady
from station.domain.crossings import Sighting
from station.domain.scan import Frame

EVERY = 0.09  # seconds between two looks; a frame in between costs nothing
RISES, FALLS = 0.05, 0.2
BLIND_AFTER = 2.0
FIRST_FRAME_TIMEOUT_S = 10.0  # as long as the camera itself has for its first picture
RELEARNS_AFTER = 120.0
"""Seconds of something that never leaves until it is taken for the lane itself: what stood there at the start."""


class VideoPresence:
    """Something is there from ``share`` of the region on, until less than half of that differs."""

    def __init__(
        self,
        config: VideoPresenceConfig,
        take: Callable[[float], Frame | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """:param take: waits so many seconds for a frame not taken before."""
        self._share = config.share
        self._take = take
        self._clock = clock
        self._background = Background(config.region)
        self._open = False
        self._steady = Steady(RISES, FALLS)
        self._newest = 0.0
        self._since = 0.0
        self._seen = False

    def open(self) -> None:
        """What was learnt of the lane stays."""
        self._open = True
        self._steady = Steady(RISES, FALLS)
        self._newest = self._clock()

    def wait(self, timeout: float) -> Sighting | None:
        """:raises DeviceError: not open, or the camera gives no picture."""
        if not self._open:
            raise DeviceError("presence by video: is not open")
        frame = self._take(timeout)
        if frame is None:
            if self._clock() - self._newest > (BLIND_AFTER if self._seen else FIRST_FRAME_TIMEOUT_S):
                raise DeviceError("presence by video: no picture; check the lane's camera")
            return None
        if frame.captured - self._newest < EVERY:
            return None
        self._newest, self._seen = frame.captured, True
        return self._look(frame)

    def close(self) -> None:
        self._open = False

    def _look(self, frame: Frame) -> Sighting | None:
        there, now = bool(self._steady.on), frame.captured
        share = self._background.share(frame.image, there)
        since = self._steady.see(share > (self._share / 2 if there else self._share), now)
        if since is not None:
            self._since = since
            return Sighting(bool(self._steady.on), since)
        if there and now - self._since > RELEARNS_AFTER:
            self._background.learn_anew()
        return None
