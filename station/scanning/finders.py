"""Finder patterns by their nesting: a dark square in a light square ring.

Holds where zxing-cpp's 1:1:3:1:1 scan lines fail: outer rings that are broken or run
into a dark surround, strong tilt, uneven light.
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.scanning.arrays import Gray, Points
from station.scanning.shrink import shrunk

_BELOW_MEAN: Final = 7
"""Gray levels below the local mean that count as dark."""
_CORE_OVER_RING_SIDE: Final = (0.4, 0.85)
"""Bounding sides, ideal 3/5."""
_CORE_OVER_RING_AREA: Final = (0.2, 0.62)
"""Areas inside the outlines, ideal 9/25."""
_MOST: Final = 1500
"""Components of a kind that are compared; more is texture, the largest are kept."""


Labels = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Finder:
    """One finder pattern: its centre and the 4 corners of its light ring, pixels."""

    centre: Points
    ring: Points

    @property
    def middle(self) -> tuple[float, float]:
        """The centre as a pair of numbers."""
        return float(self.centre[0]), float(self.centre[1])

    @property
    def module(self) -> float:
        """Mean side of a module in pixels (the ring is 5 modules wide)."""
        return float(np.sqrt(cv2.contourArea(self.ring)) / 5)


def finders_of(gray: Gray, longest: int) -> list[Finder]:
    """Every finder pattern seen in `gray`, sought on a copy of at most `longest` pixels."""
    small = shrunk(gray, longest)
    factor = max(small.shape) / max(gray.shape)
    block = max(31, max(small.shape) // 12) | 1
    mean, inverse = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    dark = cv2.adaptiveThreshold(small, 255, mean, inverse, block, _BELOW_MEAN)
    rings, ring_labels = _components(255 - dark, 8, 4)
    cores, core_labels = _components(dark, 3, 8)
    return [_scaled(found, 1 / factor) for found in _matched(rings, ring_labels, cores, core_labels)]


def _components(mask: Gray, smallest: int, connectivity: int) -> tuple[Points, Labels]:
    """Rows (left, top, width, height, area, label) of plausible components, and labels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=connectivity)
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    square = (width < 5 * height) & (height < 5 * width)
    kept = square & (np.minimum(width, height) * 2 >= smallest) & (np.maximum(width, height) >= smallest)
    kept &= (area * 6 > width * height) & (np.maximum(width, height) * 3 < max(mask.shape))
    rows = np.flatnonzero(kept)
    rows = rows[np.argsort(-area[rows])][:_MOST]
    return np.column_stack([stats[rows], rows]).astype(np.float32), labels


def _matched(rings: Points, labels: Labels, cores: Points, core_labels: Labels) -> list[Finder]:
    """Rings that hold a concentric core: the dark component at their centre."""
    if not len(rings) or not len(cores):
        return []
    row_of = np.full(core_labels.max() + 1, -1)
    row_of[cores[:, 5].astype(int)] = np.arange(len(cores))
    size = rings[:, 2:4]
    middle = (rings[:, :2] + size / 2).astype(int)
    row = row_of[core_labels[middle[:, 1], middle[:, 0]]]
    core_size = cores[row, 2:4]
    apart = np.abs(rings[:, :2] + size / 2 - cores[row, :2] - core_size / 2)
    low, high = _CORE_OVER_RING_SIDE
    fits = (apart < 0.15 * size + 1) & (core_size > low * size) & (core_size < high * size)
    nested = np.flatnonzero(fits.all(axis=1) & (row >= 0))
    found = (_finder(rings[ring], cores[row[ring]], labels) for ring in nested)
    return [one for one in found if one is not None]


def _finder(ring: Points, core: Points, labels: Labels) -> Finder | None:
    """The finder pattern of a nested pair, or None where the shapes are not square."""
    left, top, width, height = ring[:4].astype(int)
    patch = (labels[top : top + height, left : left + width] == int(ring[5])).astype(np.uint8)
    outlines, _ = cv2.findContours(patch, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.convexHull(outline)
    filled = cv2.contourArea(outline)
    low, high = _CORE_OVER_RING_AREA
    if len(hull) < 4 or filled < 0.8 * cv2.contourArea(hull):
        return None
    if not low < core[4] / max(filled, 1.0) < high:
        return None
    corners = cv2.approxPolyN(hull, 4, ensure_convex=True).reshape(-1, 2).astype(np.float32)
    if filled < 0.8 * cv2.contourArea(corners):
        return None
    corners += np.array((left, top), np.float32) + 0.5
    corners += np.sign(corners - corners.mean(axis=0)) * 0.5
    return Finder(core[:2] + core[2:4] / 2, corners)


def _scaled(finder: Finder, factor: float) -> Finder:
    return Finder(finder.centre * factor, finder.ring * factor)
