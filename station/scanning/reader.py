"""Which readers look at a frame, in which order."""

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.scan import Code, Frame, Image
from station.scanning.zbar import ZbarReader
from station.scanning.zxing import ZxingReader


class LiveReader:
    def __init__(self, *, second_reader: bool) -> None:
        self._first = ZxingReader()
        self._second = ZbarReader() if second_reader else None

    def read(self, frame: Frame) -> list[Code]:
        gray = to_gray(frame.image)
        return self._first.read(gray)


def to_gray(image: Image) -> NDArray[np.uint8]:
    """Height x width, contiguous."""
    if image.ndim == 2:
        return np.ascontiguousarray(image)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def read_still(image: Image) -> list[Code]:
    """Every code in a still picture: zxing-cpp first, zbar where it found nothing."""
    gray = to_gray(image)
    return ZxingReader().read(gray) or ZbarReader().read(gray)
