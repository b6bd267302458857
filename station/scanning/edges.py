"""What lies beyond the picture's edge, made up so that zxing-cpp reads a code that is only just entering.

zxing-cpp needs three finder patterns and a grid that lies inside the picture. A finder pattern is its own mirror image:
where the edge cuts one near its middle, the picture mirrored at that edge completes it, and error correction makes up
for the modules beyond. The mirror must pass within a module of the middle, so it stands at the edge itself and a
little inside in turn.
"""

from dataclasses import dataclass
from itertools import cycle
from typing import Final

import cv2
import numpy as np

from station.scanning.arrays import Gray

Speed = tuple[float, float]
"""Pixels a second, to the right and down."""

_MIRRORS: Final = (0, 5)
"""Pixels inside the edge at which the mirror stands, in turn."""
_BESIDE: Final = 24
"""Pixels added at an edge along which codes move: half a finder pattern."""
_AHEAD: Final = 72
"""Pixels added at an edge where codes come in: what is still outside of a code."""
_MOVING: Final = 30.0
"""Pixels a second from which codes come in at one edge and leave by the other."""
_LINE: Final = 8
"""Pixels inside the edge of the line that tells whether anything crosses it."""
_STEP: Final = 3
_STEP_BY: Final = 24
"""Gray levels between points of that line, `_STEP` pixels apart, that count as a step from dark to light or back."""
_LEAST_STEPS: Final = 8


@dataclass(frozen=True, slots=True)
class Widened:
    """A picture with its surroundings made up, and where its first pixel lies in the one it came from."""

    gray: Gray
    origin: tuple[float, float] = (0.0, 0.0)


class Edges:
    """Widens the frames of one camera where something crosses their edges."""

    def __init__(self) -> None:
        self._mirrors = cycle(_MIRRORS)
        self._canvas = np.empty((0, 0), np.uint8)

    def widened(self, gray: Gray, drift: Speed) -> Widened:
        """`gray` with its surroundings; the codes known move by `drift` on the whole."""
        if min(gray.shape) <= 2 * _AHEAD:
            return Widened(gray)
        x, y = drift
        last = -1 - _LINE
        left, right = _added(gray[:, _LINE], x), _added(gray[:, last], -x)
        top, bottom = _added(gray[_LINE], y), _added(gray[last], -y)
        if not (left or right or top or bottom):
            return Widened(gray)
        inset = next(self._mirrors)
        ends = [inset if added else 0 for added in (top, bottom, left, right)]
        inner = gray[ends[0] : gray.shape[0] - ends[1], ends[2] : gray.shape[1] - ends[3]]
        mirrored = cv2.BORDER_REFLECT | cv2.BORDER_ISOLATED
        canvas = self._canvas_for(inner.shape[0] + top + bottom, inner.shape[1] + left + right)
        wide = cv2.copyMakeBorder(inner, top, bottom, left, right, mirrored, dst=canvas)
        return Widened(wide, (float(ends[2] - left), float(ends[0] - top)))

    def _canvas_for(self, height: int, width: int) -> Gray:
        """Memory used again: fresh pages for every frame cost more than filling them."""
        if self._canvas.shape[0] < height or self._canvas.shape[1] < width:
            self._canvas = np.empty((height + _AHEAD, width + _AHEAD), np.uint8)
        return self._canvas[:height, :width]


def _added(line: Gray, inwards: float) -> int:
    """Pixels to add beyond the edge that `line` runs along, where codes move `inwards`."""
    if inwards < -_MOVING or not _crossed(line):
        return 0
    return _AHEAD if inwards > _MOVING else _BESIDE


def _crossed(line: Gray) -> bool:
    """True where `line` goes from dark to light and back as often as across a code."""
    points = line[::_STEP].astype(np.int16)
    return int(np.count_nonzero(np.abs(points[1:] - points[:-1]) > _STEP_BY)) >= _LEAST_STEPS
