"""A recording in place of a camera: a video, an image, or a folder of images."""

import time
from collections.abc import Callable
from pathlib import Path

from station.config import FileCameraConfig
from station.devices import DeviceError, EndOfStream
from station.devices.camera.source import Source, opened
from station.domain.scan import Image

LONGEST_WAIT = 0.2
MOST_SKIPPED = 100
"""Pictures passed over in one ``grab``, so that it ends even where passing over is slower than the video itself."""


class FileCamera:
    """Plays at the pace it was filmed at ("real": it waits when ahead and skips when behind, as a camera would) or
    as fast as it is asked ("fast": every picture).

    The position counts on when the recording starts over (``loop``), so that time never runs backwards. After a
    picture that cannot be decoded the next ``grab`` goes on with the one after it.
    """

    def __init__(
        self,
        config: FileCameraConfig,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path = Path(config.path)
        self._paced = config.pace == "real"
        self._loop = config.loop
        self._clock = clock
        self._wait = wait
        self._source: Source | None = None
        self._began: float | None = None
        self._earlier = 0.0
        self._end = 0.0

    def open(self) -> None:
        """:raises DeviceError: not there, or nothing that can be played."""
        self.close()
        self._began, self._earlier = None, 0.0
        try:
            self._source = opened(self._path)
        except OSError as error:
            raise DeviceError(f"file camera {self._path}: {error.strerror}; check its rights") from error

    def grab(self) -> tuple[Image, float | None]:
        """The next picture and its position in seconds.

        :raises DeviceError: this picture cannot be decoded; the message names the file.
        :raises EndOfStream: the recording has played to its end.
        """
        position = self._advanced()
        if self._paced:
            position = self._on_time(position)
        return self._opened().picture(), position

    def close(self) -> None:
        """May be called while another thread waits in ``grab``, which then ends with a DeviceError."""
        source, self._source = self._source, None
        if source is not None:
            source.close()

    def _opened(self) -> Source:
        if self._source is None:
            raise DeviceError(f"file camera {self._path}: is not open")
        return self._source

    def _advanced(self) -> float:
        source = self._opened()
        position = source.advance()
        if position is not None:
            self._end = position + source.period
            return self._earlier + position
        if not self._loop:
            raise EndOfStream(f"file camera {self._path}: played to its end")
        source.close()
        self._earlier += self._end
        self._source = opened(self._path)
        return self._earlier + (self._source.advance() or 0.0)

    def _on_time(self, position: float) -> float:
        """Skip what is in the past, wait for what is in the future."""
        if self._began is None:
            self._began = self._clock() - position
        skipped = 0
        while self._clock() - self._began - position > self._opened().period and skipped < MOST_SKIPPED:
            position = self._advanced()
            skipped += 1
        while (ahead := self._began + position - self._clock()) > 0:
            self._opened()
            self._wait(min(ahead, LONGEST_WAIT))
        return position
