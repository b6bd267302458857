"""What a camera saw: a frame, the codes in it, and a scan once repeats are folded."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.domain.moment import Moment

Image = NDArray[np.uint8]

Point = tuple[int, int]
Corners = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a camera.

    ``image`` is height x width gray or height x width x 3 BGR, 8 bit. ``captured`` is monotonic seconds on
    the runtime's clock, so that ``now - captured`` is the frame's age. ``time`` is the position in the
    source in seconds where the source has one (a video), else the same as ``captured``.
    """

    image: Image
    number: int
    captured: float
    time: float


@dataclass(frozen=True, slots=True)
class Code:
    """One code read in one frame. ``corners`` are pixels of that frame, clockwise from the code's own top left.
    ``modules`` a side, 0 where the reader does not tell."""

    payload: bytes
    text: str
    format: str
    corners: Corners
    decoder: str
    modules: int = 0


@dataclass(frozen=True, slots=True)
class Scan:
    """One code presented to one lane: however many frames it stayed in view, it is one scan."""

    lane: str
    code: Code
    frame: int
    at: Moment
