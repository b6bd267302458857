"""What a file camera plays: a video, or pictures one after the other."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from station.devices import DeviceError
from station.devices.camera.images import UnreadableImage, is_picture, read_image
from station.domain.scan import Image

PICTURES_PER_SECOND = 15.0


class Source(Protocol):
    """Pictures in order. ``advance`` before each ``picture``; passing over one does not decode it in full."""

    period: float
    """Seconds from one picture to the next."""

    def advance(self) -> float | None:
        """Go to the next picture: its position in seconds, None at the end."""
        ...

    def picture(self) -> Image:
        """:raises DeviceError: this one cannot be decoded; the next may."""
        ...

    def close(self) -> None: ...


def opened(path: Path) -> Source:
    """:raises DeviceError: not there, not to be read, or nothing that can be played."""
    if path.is_dir():
        files = sorted((file for file in path.iterdir() if file.is_file() and is_picture(file)), key=_natural)
        if not files:
            raise DeviceError(f"file camera {path}: no image is in this folder; put PNG, JPEG or WebP files there")
        return Pictures(files)
    if not path.exists():
        raise DeviceError(f"file camera {path}: does not exist; check camera.path")
    return Pictures([path]) if is_picture(path) else Video(path)


class Pictures:
    """Image files, fifteen a second; each is read when it is its turn."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.period = 1 / PICTURES_PER_SECOND
        self._files = files
        self._index = -1

    def advance(self) -> float | None:
        self._index += 1
        return self._index * self.period if self._index < len(self._files) else None

    def picture(self) -> Image:
        file = self._files[self._index]
        try:
            return read_image(file)
        except UnreadableImage as error:
            raise DeviceError(f"file camera {file}: {error}") from error

    def close(self) -> None:
        pass


class Video:
    """A video through OpenCV's FFmpeg. Its end and a break in it look the same: both end it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # An absolute path, because FFmpeg takes a name with a colon for a network address.
        self._capture = cv2.VideoCapture(str(path.absolute()), cv2.CAP_FFMPEG)
        if not self._capture.isOpened():
            self._capture.release()
            raise DeviceError(f"file camera {path}: cannot be played; check its rights, or convert it to MP4 (H.264)")
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.period = 1 / rate if 0.1 <= rate <= 1000 else 1 / PICTURES_PER_SECOND
        self._position = -self.period

    def advance(self) -> float | None:
        if not self._capture.grab():
            if self._position < 0:
                raise DeviceError(f"file camera {self._path}: holds no picture; convert it to MP4 (H.264)")
            return None
        stated = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        # Some files carry no times, or times that stand still or jump back: then pictures are counted.
        self._position = stated if stated > self._position else self._position + self.period
        return self._position

    def picture(self) -> Image:
        taken, picture = self._capture.retrieve()
        if not taken:
            raise DeviceError(f"file camera {self._path}: the picture at {self._position:.1f} s cannot be decoded")
        return np.asarray(picture, np.uint8)

    def close(self) -> None:
        self._capture.release()


def _natural(path: Path) -> list[tuple[int, str]]:
    """A key under which frame2 comes before frame10."""
    parts = re.split(r"(\d+)", path.name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
