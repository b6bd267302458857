"""Where in a picture a plate may be: by colour, and by the many upright edges that characters have.

Blue, yellow and green stand out by their colour; white and black ones, and a blue plate on a blue car, by their edges.
What comes of it are places to read, not plates: the grammar decides whether one was there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.plates.reading import Picture

LONGEST_SIDE: Final = 1280
"""Larger pictures are looked for plates at this size; they are cut out at their own."""
MOST: Final = 3
"""Places handed on, the likeliest first."""
_NARROWEST: Final = 56
"""Pixels: characters 6 pixels wide are not read."""
_COLOURS: Final = (((92, 70, 30), (128, 255, 255)), ((11, 80, 50), (36, 255, 255)), ((37, 40, 40), (90, 255, 255)))
"""Hue, saturation and value of blue, yellow and green."""
_ASPECT: Final = (1.3, 6.5)
_TWO_LINES_BELOW: Final = 2.45
"""Width by height: 440 x 220 mm against 440 x 140 mm and 480 x 140 mm."""

Box = NDArray[Any]
Mask = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Place:
    """``corners`` are pixels of the picture, clockwise from the top left."""

    corners: Box
    score: float

    @property
    def two_lines(self) -> bool:
        width, height = _sides(self.corners)
        return width < _TWO_LINES_BELOW * height


def places(image: Picture) -> list[Place]:
    """:param image: BGR."""
    scale = min(1.0, LONGEST_SIDE / max(image.shape[:2]))
    small = image if scale == 1.0 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = _upright_edges(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))
    found: list[Place] = []
    for corners in (*_by_colour(small), *_by_edges(edges)):
        place = _judged(corners, edges)
        if place is not None:
            found.append(place)
    found.sort(key=lambda place: place.score, reverse=True)
    return [Place(place.corners / scale, place.score) for place in _apart(found)[:MOST]]


def _by_colour(picture: Picture) -> Iterator[Box]:
    hsv = cv2.cvtColor(cv2.GaussianBlur(picture, (3, 3), 0), cv2.COLOR_BGR2HSV)
    for low, high in _COLOURS:
        mask = cv2.inRange(hsv, np.array(low), np.array(high))
        # Characters are holes in the colour.
        yield from _boxes(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)))


def _by_edges(edges: Mask) -> Iterator[Box]:
    for width, height in ((13, 3), (25, 5)):
        closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((height, width), np.uint8))
        yield from _boxes(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((9, 15), np.uint8)))


def _upright_edges(gray: Mask) -> Mask:
    """Where brightness changes from left to right, relative to how it does elsewhere in the picture."""
    slopes = np.abs(cv2.Sobel(cv2.GaussianBlur(gray, (3, 3), 0), cv2.CV_32F, 1, 0))
    return (slopes > max(3.0 * float(slopes.mean()), 24.0)).astype(np.uint8) * 255


def _boxes(mask: Mask) -> Iterator[Box]:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        if cv2.boundingRect(outline)[2] >= _NARROWEST:
            yield _upright(cv2.boxPoints(cv2.minAreaRect(outline)))


def _upright(box: Box) -> Box:
    """The corners clockwise from the one that is top left as the picture stands."""
    middle = box.mean(axis=0)
    turns = np.arctan2(box[:, 1] - middle[1], box[:, 0] - middle[0])
    ordered = box[np.argsort(turns)]
    return np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0)


def _judged(corners: Box, edges: Mask) -> Place | None:
    width, height = _sides(corners)
    if width < _NARROWEST or height < 12 or not _ASPECT[0] <= width / height <= _ASPECT[1]:
        return None
    left, top, wide, high = cv2.boundingRect(corners.astype(np.float32))
    part = edges[max(top, 0) : top + high, max(left, 0) : left + wide]
    share = float(part.mean()) / 255 if part.size else 0.0
    fit = min(abs(width / height - aspect) / aspect for aspect in (2.0, 3.14, 3.43))
    return Place(corners, min(share, 0.35) - 0.2 * fit) if share > 0.08 else None


def _apart(found: list[Place]) -> list[Place]:
    """Without those that another, better one covers."""
    kept: list[Place] = []
    for place in found:
        if all(overlap(place.corners, other.corners) < 0.75 for other in kept):
            kept.append(place)
    return kept


def overlap(one: Box, other: Box) -> float:
    """Area that two places share, by the area of both together."""
    shared, _ = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))
    both = cv2.contourArea(one.astype(np.float32)) + cv2.contourArea(other.astype(np.float32)) - shared
    return float(shared / both) if both else 0.0


def _sides(corners: Box) -> tuple[float, float]:
    along = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    return float(along[0] + along[2]) / 2, float(along[1] + along[3]) / 2
