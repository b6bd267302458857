"""Following a code already read into a frame where no look reads it: cut off by the frame's edge, smeared, glared over.

The code as known is drawn from the front and laid over the frame where its motion puts it; Lucas-Kanade flow from the
drawing to the frame corrects the place, so nothing drifts. Then this frame's own modules are sampled, and it counts as
read only where an errors-and-erasures decoder would read it (`codewords`).
"""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from station.scanning.arrays import Field, Gray, Matrix, Points, Quad
from station.scanning.bend import MARGIN, PITCH, levelled, straightened
from station.scanning.codewords import Known

_CORNERS: Final = 60
"""Points of the drawing that are sought in the frame."""
_LEAST_FOUND: Final = 8
_SEEN_FROM: Final = 2.0
"""A module counts as visible this many pixels inside the frame."""
_WINDOW: Final = (21, 21)
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
        ink = levelled(straightened(gray, expected, side))
        to_frame = _front_to_frame(expected, side)
        moved = self._moved(ink, to_frame, gray.shape)
        if moved is None:
            return None
        x, y = module_centres(side, moved)
        values = cv2.remap(cv2.blur(ink, (3, 3)), x, y, cv2.INTER_LINEAR)
        picture = to_frame @ moved
        if not self.known.is_in(values, _visible(side, picture, gray.shape)):
            return None
        return _outline(side, picture)

    def _moved(self, ink: Field, to_frame: Matrix, shape: tuple[int, ...]) -> Matrix | None:
        """From the drawing to the frame straightened as expected, by the flow of its corners."""
        inside = _inside(cv2.perspectiveTransform(self.points, to_frame), shape).ravel()
        points = self.points[inside]
        if len(points) < _LEAST_FOUND:
            return None
        there, status, _ = cv2.calcOpticalFlowPyrLK(
            self.drawing, _as_gray(ink), points, None, winSize=_WINDOW, maxLevel=_LEVELS
        )
        kept = status.ravel() > 0
        if kept.sum() < _LEAST_FOUND:
            return None
        matrix, _ = cv2.findHomography(points[kept], there[kept], cv2.RANSAC, PITCH * 0.6)
        return matrix


def module_centres(side: int, matrix: Matrix) -> tuple[Field, Field]:
    """Centres of the modules moved by `matrix`: x and y, each (side, side)."""
    along = (np.arange(side, dtype=np.float32) + np.float32(MARGIN + 0.5)) * PITCH - np.float32(0.5)
    grid = np.stack(np.meshgrid(along, along), axis=-1).reshape(1, -1, 2)
    moved = cv2.perspectiveTransform(grid, matrix).reshape(side, side, 2)
    return moved[..., 0], moved[..., 1]


def _drawn_ink(dark: Points) -> Field:
    page = np.pad(np.where(dark, 0, 255).astype(np.uint8), MARGIN, constant_values=255)
    return levelled(cv2.blur(cv2.resize(page, None, fx=PITCH, fy=PITCH, interpolation=cv2.INTER_NEAREST), (3, 3)))


def _as_gray(ink: Field) -> Gray:
    return cv2.convertScaleAbs(ink + 1.2, alpha=255 / 2.4)


def _front_to_frame(corners: Quad, side: int) -> Matrix:
    low, high = MARGIN * PITCH, (side + MARGIN) * PITCH
    front = np.array([[low, low], [high, low], [high, high], [low, high]], np.float32)
    return cv2.getPerspectiveTransform(front, np.array(corners, np.float32))


def _inside(points: Points, shape: tuple[int, ...]) -> Points:
    limit = np.array([shape[1], shape[0]], np.float32) - _SEEN_FROM
    return ((points >= _SEEN_FROM) & (points < limit)).all(axis=-1)


def _visible(side: int, picture: Matrix, shape: tuple[int, ...]) -> Points:
    return _inside(np.stack(module_centres(side, picture), axis=-1), shape)


def _outline(side: int, picture: Matrix) -> Quad:
    low, high = MARGIN * PITCH, (side + MARGIN) * PITCH
    front = np.array([[[low, low], [high, low], [high, high], [low, high]]], np.float32)
    return tuple((float(x), float(y)) for x, y in cv2.perspectiveTransform(front, picture)[0])
