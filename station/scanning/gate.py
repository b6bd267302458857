"""The gate before the reader: a frame like the last one looked at need not be looked at.

It compares 160 x 90 points of a 720p frame, lightly blurred, with those of the frame last looked at: 0.1 ms against 1
to 3 ms for a look. The points are taken from the camera's own picture, so that a frame nobody looks at is never turned
gray as a whole, which costs four times as much as the comparison. Whatever it says, a look is due before any place
stays unlooked at for 200 ms.
"""

from enum import Enum, auto
from typing import Final

import cv2
import numpy as np

from station.domain.scan import Image
from station.scanning.arrays import Gray

_UNLOOKED_AT_MOST_S: Final = 0.195
"""The 0.2 s promised, less a jitter of the camera."""
_POINT_EVERY: Final = 8
"""Pixels between compared points; the smallest readable code (21 modules of 1.5 px) has 9."""
_CHANGED_BY: Final = 14
"""Gray levels; sensor noise of 6 is 2.8 in the difference of two blurred frames."""
_CHANGED_POINTS: Final = 3
"""Points that must change together; blurred, one true point moves nine."""


class Due(Enum):
    """What the gate says of a frame."""

    NOT = auto()
    CHANGED = auto()
    WAITED = auto()
    """Nothing changed, but nobody looked for too long."""


class Gate:
    """Says for each frame of one camera whether to look at it."""

    def __init__(self) -> None:
        self._points: Gray | None = None
        self._looked_s = float("-inf")
        self._last_s = float("-inf")

    def due(self, image: Image, now_s: float) -> Due:
        """Whether this frame must be looked at; if so it is remembered as looked at at `now_s` seconds."""
        points = _points(image)
        if not points.size:  # smaller than any code
            return Due.NOT
        due = self._judged(points, now_s)
        self._last_s = now_s
        if due is not Due.NOT:
            self._points, self._looked_s = points, now_s
        return due

    def _judged(self, points: Gray, now_s: float) -> Due:
        if self._changed(points) or now_s < self._last_s:
            return Due.CHANGED
        next_frame_s = now_s + (now_s - self._last_s)
        return Due.WAITED if next_frame_s - self._looked_s > _UNLOOKED_AT_MOST_S else Due.NOT

    def _changed(self, points: Gray) -> bool:
        if self._points is None or self._points.shape != points.shape:
            return True
        _, changed = cv2.threshold(cv2.absdiff(points, self._points), _CHANGED_BY, 1, cv2.THRESH_BINARY)
        return cv2.countNonZero(changed) >= _CHANGED_POINTS


def _points(image: Image) -> Gray:
    """The points compared, in gray, lightly blurred; none of a picture smaller than their distance."""
    height, width = (side // _POINT_EVERY for side in image.shape[:2])
    if not height or not width:
        return np.empty((0, 0), np.uint8)
    points = cv2.resize(image, (width, height), interpolation=cv2.INTER_NEAREST)  # half the time of a slice
    return cv2.blur(points if points.ndim == 2 else cv2.cvtColor(points, cv2.COLOR_BGR2GRAY), (3, 3))
