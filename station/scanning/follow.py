"""Following a code already read into a frame where no look reads it: cut off by the frame's edge, smeared, glared over.

The code as known is drawn from the front and laid over the frame where its motion puts it; Lucas-Kanade flow from the
drawing to the frame corrects the place, so nothing drifts. Then this frame's own modules are sampled, and it counts as
read only where an errors-and-erasures decoder would read it (`codewords`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import cv2
import numpy as np

from station.scanning.arrays import Field, Gray, Matrix, Points, Quad
from station.scanning.bend import levelled, straightened
from station.scanning.bulge import MARGIN, PITCH
from station.scanning.codewords import Known

_CORNERS: Final = 40
"""Points of the drawing that are sought in the frame."""
_LEAST_FOUND: Final = 8
_LEAST_SEEN: Final = 0.3
"""Share of those points inside the frame; no level of error correction reads less of a code."""
_STRAY: Final = 3.0
"""Pixels of the drawing by which its corners may stray from one homography: 0.6 module."""
_BENT_FROM: Final = 20
"""Points that agree from which a bulge is fitted as well."""
_SEEN_FROM: Final = 2.0
"""A module counts as visible this many pixels inside the frame."""
_WINDOW: Final = (15, 15)
_LEVELS: Final = 2


@dataclass(slots=True)
class Followed:
    """A known code and its drawing."""

    known: Known
    drawing: Gray = field(init=False)
    points: Points = field(init=False)

    def __post_init__(self) -> None:
        self.drawing = _as_gray(_drawn_ink(self.known.dark))
        self.points = cv2.goodFeaturesToTrack(self.drawing, _CORNERS, 0.05, 2 * PITCH)

    def found(self, gray: Gray, expected: Quad) -> Quad | None:
        """Where the code is read in `gray`, sought around `expected`; None where it is not read."""
        side = len(self.known.dark)
        to_frame = _front_to_frame(expected, side)
        seen = _inside(cv2.perspectiveTransform(self.points, to_frame), gray.shape).ravel()
        if seen.sum() < max(_LEAST_FOUND, _LEAST_SEEN * len(seen)):
            return None
        ink = levelled(straightened(gray, expected, side))
        move = self._move(ink, self.points[seen])
        if move is None:
            return None
        places = move(_module_centres(side))
        values = cv2.remap(cv2.blur(ink, (3, 3)), places[..., 0], places[..., 1], cv2.INTER_LINEAR)
        visible = _inside(cv2.perspectiveTransform(places, to_frame), gray.shape)
        if not self.known.is_in(values, visible):
            return None
        corners = cv2.perspectiveTransform(move(_outline(side)), to_frame)[0]
        return tuple((float(x), float(y)) for x, y in corners)

    def _move(self, ink: Field, points: Points) -> Callable[[Points], Points] | None:
        """How the drawing lies in the frame straightened as expected, by the flow of its corners."""
        there, status, _ = cv2.calcOpticalFlowPyrLK(
            self.drawing, _as_gray(ink), points, np.zeros_like(points), winSize=_WINDOW, maxLevel=_LEVELS
        )
        kept = status.ravel() > 0
        if kept.sum() < _LEAST_FOUND:
            return None
        points, there = points[kept], there[kept]
        matrix, inliers = cv2.findHomography(points, there, cv2.RHO, _STRAY)
        if matrix is None:
            return None
        agreed = inliers.ravel() > 0
        rest = (there - cv2.perspectiveTransform(points, matrix))[agreed, 0]
        if len(rest) < _BENT_FROM:
            return lambda places: cv2.perspectiveTransform(places, matrix)
        terms = _bends(points[agreed, 0], ink.shape)
        _, bend = cv2.solve(terms, rest, flags=cv2.DECOMP_NORMAL | cv2.DECOMP_SVD)
        return lambda places: cv2.perspectiveTransform(places, matrix) + _bends(places, ink.shape) @ bend


def _bends(places: Points, shape: tuple[int, ...]) -> Points:
    """The terms of a smooth bulge at `places` (.., 2): of second order, in halves of the drawing's side."""
    x, y = np.moveaxis(places / np.float32(shape[0] / 2) - np.float32(1.0), -1, 0)
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


@cache
def _module_centres(side: int) -> Points:
    """Where the modules' centres lie in the drawing, (side, side, 2)."""
    along = (np.arange(side, dtype=np.float32) + np.float32(MARGIN + 0.5)) * PITCH - np.float32(0.5)
    return np.stack(np.meshgrid(along, along), axis=-1)


def _drawn_ink(dark: Points) -> Field:
    page = np.pad(np.where(dark, 0, 255).astype(np.uint8), MARGIN, constant_values=255)
    return levelled(cv2.blur(cv2.resize(page, None, fx=PITCH, fy=PITCH, interpolation=cv2.INTER_NEAREST), (3, 3)))


def _as_gray(ink: Field) -> Gray:
    return cv2.convertScaleAbs(ink + 1.2, alpha=255 / 2.4)


def _front_to_frame(corners: Quad, side: int) -> Matrix:
    return cv2.getPerspectiveTransform(_outline(side)[0], np.array(corners, np.float32))


def _inside(points: Points, shape: tuple[int, ...]) -> Points:
    limit = np.array([shape[1], shape[0]], np.float32) - _SEEN_FROM
    seen: Points = np.asarray(((points >= _SEEN_FROM) & (points < limit)).all(axis=-1))
    return seen


def _outline(side: int) -> Points:
    low, high = MARGIN * PITCH, (side + MARGIN) * PITCH
    return np.array([[[low, low], [high, low], [high, high], [low, high]]], np.float32)
