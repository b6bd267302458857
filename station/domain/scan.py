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
class MessagePart:
    """A code that holds a part of a message (structured append, ISO/IEC 18004 section 8), ``number`` from 1 to
    ``total``. ``parity`` is the exclusive or of all bytes of the whole message, the same in each part."""

    number: int
    total: int
    parity: int


@dataclass(frozen=True, slots=True)
class Code:
    """One code read in one frame. ``corners`` are pixels of that frame, clockwise from the code's own top left.
    ``modules`` a side, 0 where the reader does not tell; ``part`` where it is one of several symbols."""

    payload: bytes
    text: str
    format: str
    corners: Corners
    decoder: str
    modules: int = 0
    part: MessagePart | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another code that a lane's camera saw ``ago_s`` seconds before a scan; 0 for one in the same picture. ``near``:
    at the same place in the picture, as far as that is known."""

    payload: bytes
    ago_s: float
    near: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """One code presented to one lane: however many frames it stayed in view, it is one scan.

    ``returned``: it was hidden for a while and is back where it was, as what stands in the scene is."""

    lane: str
    code: Code
    frame: int
    at: Moment
    neighbours: tuple[Neighbour, ...] = ()
    returned: bool = False
