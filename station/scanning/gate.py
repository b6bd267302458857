"""The gate before the reader: a frame like the last one looked at need not be looked at.

It compares 160 x 90 points of a 720p frame, lightly blurred, with those of the frame last
looked at: 0.05 ms against 1 to 3 ms for a look. Whatever it says, a look is due
`LOOK_AT_LEAST_EVERY_S` after the one before, so no place stays unlooked at for 200 ms.
"""

from typing import Final

import cv2

from station.scanning.arrays import Gray

LOOK_AT_LEAST_EVERY_S: Final = 0.16
"""One frame at 30 a second below the 0.2 s promised."""
_POINT_EVERY: Final = 8
"""Pixels between compared points; the smallest readable code (21 modules of 1.5 px) has 9."""
_CHANGED_BY: Final = 14
"""Gray levels; sensor noise of 6 is 2.8 in the difference of two blurred frames."""
_CHANGED_POINTS: Final = 3
"""Points that must change together; blurred, one true point moves nine."""


class Gate:
    """Says for each frame of one camera whether to look at it."""

    def __init__(self) -> None:
        """Nothing seen: the first frame is due."""
        self._points: Gray | None = None
        self._looked_s = -1e9

    def due(self, gray: Gray, now_s: float) -> bool:
        """True where this frame must be looked at; remembers it as looked at then."""
        points = cv2.blur(gray[_POINT_EVERY // 2 :: _POINT_EVERY, _POINT_EVERY // 2 :: _POINT_EVERY], (3, 3))
        waited = now_s - self._looked_s >= LOOK_AT_LEAST_EVERY_S
        if not waited and not self._changed(points):
            return False
        self._points, self._looked_s = points, now_s
        return True

    def _changed(self, points: Gray) -> bool:
        if self._points is None or self._points.shape != points.shape:
            return True
        _, changed = cv2.threshold(cv2.absdiff(points, self._points), _CHANGED_BY, 1, cv2.THRESH_BINARY)
        return cv2.countNonZero(changed) >= _CHANGED_POINTS
