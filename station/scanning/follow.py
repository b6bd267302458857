"""Following a code already read into a frame where no look reads it: cut off by the frame's edge, smeared, glared over.

The code is laid over the frame where its motion puts it. One time in three it stands there so exactly that this frame's
modules can be sampled at once. Else Lucas-Kanade flow from the code drawn from the front (`front`) to the frame
corrects the place, so nothing drifts, and they are sampled there. Either way it counts as read only where an
errors-and-erasures decoder would read it (`codewords`).
"""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from station.scanning.arrays import Gray, Matrix, Points, Quad
from station.scanning.codewords import Known
from station.scanning.front import (
    PITCH,
    bends,
    bends_of_centres,
    drawn,
    front_to_frame,
    module_centres,
    outline,
    sampled,
    straightened,
)

_CORNERS: Final = 40
"""Points of the drawing that are sought in the frame."""
_LEAST_FOUND: Final = 8
_LEAST_SEEN: Final = 0.3
"""Share of the modules inside the frame; no level of error correction reads less of a code."""
_STRAY: Final = 0.6 * PITCH
"""Pixels of the drawing by which its corners may stray from one homography: 0.6 module."""
_BENT_FROM: Final = 20
"""Points that agree from which a bulge is fitted as well."""
_SEEN_FROM: Final = 2.0
"""A module counts as visible this many pixels inside the frame."""
_WINDOW: Final = (7, 7)
_LEVELS: Final = 2
_STOP: Final = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 10, 0.03)


@dataclass(frozen=True, slots=True)
class _Move:
    """How the drawing lies in the frame straightened as expected: a homography, and a bulge where enough tells it."""

    matrix: Matrix
    bulge: Points | None

    def of(self, places: Points, terms: Points) -> Points:
        """`places` (.., 2) of the drawing, whose `bends` are `terms`, moved."""
        moved: Points = cv2.perspectiveTransform(places, self.matrix)
        return moved if self.bulge is None else moved + terms @ self.bulge


@dataclass(slots=True)
class Followed:
    """A known code, its drawing, and where its modules lie between its corners: its print may be bent."""

    known: Known
    _drawing: Gray = field(init=False)
    _points: Points = field(init=False)
    _centres: Points = field(init=False)

    def __post_init__(self) -> None:
        self._drawing = drawn(self.known.dark)
        self._points = cv2.goodFeaturesToTrack(self._drawing, _CORNERS, 0.05, 2 * PITCH)
        self._centres = module_centres(len(self.known.dark))

    def found(self, gray: Gray, expected: Quad) -> Quad | None:
        """Where the code is read in `gray`, sought around `expected`; None where it is not read."""
        side = len(self.known.dark)
        to_frame = front_to_frame(expected, side)
        places = cv2.perspectiveTransform(self._centres, to_frame)
        visible = _inside(places, gray.shape)
        if np.count_nonzero(visible) < _LEAST_SEEN * visible.size:
            return None
        if self.known.is_in(sampled(gray, places), visible):
            return expected
        move = self._move(gray, to_frame)
        if move is None:
            return None
        places = cv2.perspectiveTransform(move.of(module_centres(side), bends_of_centres(side)), to_frame)
        if not self.known.is_in(sampled(gray, places), _inside(places, gray.shape)):
            return None
        moved = cv2.perspectiveTransform(move.of(outline(side), bends(outline(side), side)), to_frame)[0]
        corners = tuple((float(x), float(y)) for x, y in moved)
        self._centres = cv2.perspectiveTransform(places, np.linalg.inv(front_to_frame(corners, side)))
        return corners

    def _move(self, gray: Gray, to_frame: Matrix) -> _Move | None:
        """How the drawing lies in the frame, by the flow of its corners."""
        side = len(self.known.dark)
        points = self._points[_inside(cv2.perspectiveTransform(self._points, to_frame), gray.shape)[:, 0]]
        if len(points) < _LEAST_FOUND:
            return None
        there, status, _ = cv2.calcOpticalFlowPyrLK(
            self._drawing,
            straightened(gray, to_frame, side),
            points,
            np.zeros_like(points),
            winSize=_WINDOW,
            maxLevel=_LEVELS,
            criteria=_STOP,
        )
        kept = status.ravel() > 0
        if np.count_nonzero(kept) < _LEAST_FOUND:
            return None
        return _fitted(points[kept], there[kept], side)


def _fitted(points: Points, there: Points, side: int) -> _Move | None:
    """What moves `points` of the drawing to where flow found them."""
    matrix, inliers = cv2.findHomography(points, there, cv2.RHO, _STRAY)
    if matrix is None:
        return None
    agreed = inliers.ravel() > 0
    if np.count_nonzero(agreed) < _BENT_FROM:
        return _Move(matrix, None)
    points, there = points[agreed], there[agreed]
    rest = (there - cv2.perspectiveTransform(points, matrix))[:, 0]
    _, bulge = cv2.solve(bends(points[:, 0], side), rest, flags=cv2.DECOMP_NORMAL | cv2.DECOMP_SVD)
    return _Move(matrix, bulge)


def _inside(points: Points, shape: tuple[int, ...]) -> Points:
    height, width = shape
    high = (width - _SEEN_FROM, height - _SEEN_FROM)
    seen: Points = cv2.inRange(points, (_SEEN_FROM, _SEEN_FROM), high) > 0
    return seen
