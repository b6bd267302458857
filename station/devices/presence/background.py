"""How much of a region differs from the empty lane.

The empty lane is a slow mean of small gray pictures, learnt where nothing differs. Daylight and the camera's own
exposure change the whole picture at once; one factor, the median over the picture, takes that out first. Measured
beside OpenCV's MOG2 and KNN models, which take a cloud for a lorry: docs/hardware.md.
"""

from typing import Final

import cv2
import numpy as np

from station.domain.scan import Image

Region = tuple[float, float, float, float]

WIDTH: Final = 160
DIFFERS: Final = 14.0  # gray levels,
DIFFERS_SHARE: Final = 0.08  # and this share of the level itself
GAIN: Final = (0.3, 3.0)
LEARNS, LEARNS_AT_FIRST, FIRST = 0.02, 0.3, 5
FORGETS: Final = 0.002
"""What differs is learnt as well, but in minutes: a bag that fell off, a new puddle."""


class Background:
    def __init__(self, region: Region) -> None:
        self._region = region
        self._empty: np.ndarray | None = None
        self._seen = 0

    def share(self, image: Image, occupied: bool) -> float:
        """:param occupied: something is there, so nothing is learnt now. :return: share of the region that differs."""
        picture = _small(image)
        if self._empty is None or self._empty.shape != picture.shape:
            self._empty, self._seen = picture.copy(), 0
        empty = self._empty
        gain = float(np.clip(np.median(picture / np.maximum(empty, 4.0)), *GAIN))
        differs = np.abs(picture - gain * empty) > DIFFERS + DIFFERS_SHARE * picture
        if not occupied:
            self._learn(empty, picture, differs)
        left, top, width, height = self._region
        rows, columns = picture.shape
        inside = differs[
            int(top * rows) : int((top + height) * rows), int(left * columns) : int((left + width) * columns)
        ]
        return float(inside.mean())

    def learn_anew(self) -> None:
        """What is to be seen next is the empty lane."""
        self._empty = None

    def _learn(self, empty: np.ndarray, picture: np.ndarray, differs: np.ndarray) -> None:
        self._seen += 1
        rate = LEARNS_AT_FIRST if self._seen <= FIRST else LEARNS
        cv2.accumulateWeighted(picture, empty, rate, mask=(~differs).astype(np.uint8))
        cv2.accumulateWeighted(picture, empty, FORGETS, mask=differs.astype(np.uint8))


def _small(image: Image) -> np.ndarray:
    height = max(16, round(image.shape[0] * WIDTH / image.shape[1]))
    small = cv2.resize(image, (WIDTH, height), interpolation=cv2.INTER_AREA)
    gray = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return cv2.GaussianBlur(gray, (3, 3), 0).astype(np.float32)
