"""A frame in memory with room around it: its surroundings are made up without copying it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import cv2
import numpy as np

from station.domain.scan import Image
from station.scanning.arrays import Gray

AROUND: Final = 72
"""Pixels of room at each edge."""


class Edge(Enum):
    """One of a picture's four."""

    LEFT = auto()
    RIGHT = auto()
    TOP = auto()
    BOTTOM = auto()


@dataclass(frozen=True, slots=True)
class Widened:
    """A picture with its surroundings made up, and where its first pixel lies in the one it came from."""

    gray: Gray
    origin: tuple[float, float] = (0.0, 0.0)


class Room:
    """Memory for the frames of one camera, one at a time."""

    def __init__(self) -> None:
        self._room: Gray = np.empty((0, 0), np.uint8)

    def gray_of(self, image: Image) -> Gray:
        """`image` in gray, until the next one comes."""
        gray = self._inner(image.shape[:2])
        if image.ndim == 2:
            np.copyto(gray, image)
        else:
            cv2.cvtColor(image, cv2.COLOR_BGR2GRAY, dst=gray)
        return gray

    def holding(self, gray: Gray) -> Gray:
        """`gray` where it lies in this room; one made elsewhere is copied in, and takes the frame's place."""
        return gray if gray.base is self._room else self.gray_of(gray)

    @contextmanager
    def mirrored(self, gray: Gray, added: Mapping[Edge, int], inset: int) -> Iterator[Widened]:
        """`gray` with as many pixels `added` at its edges: what mirrors `inset` pixels inside of them show.

        The mirrors cover the pixels behind them only until the end of the ``with``.
        """
        gray = self.holding(gray)
        covered = [band for edge, band in _bands(gray, inset).items() if edge in added]
        own = [band.copy() for band in covered]
        try:
            yield self._reflected(gray.shape, added, inset)
        finally:
            for band, pixels in zip(covered, own, strict=True):
                np.copyto(band, pixels)

    def _inner(self, shape: tuple[int, ...]) -> Gray:
        height, width = shape
        around = (height + 2 * AROUND, width + 2 * AROUND)
        if self._room.shape != around:
            self._room = np.empty(around, np.uint8)
        return self._room[AROUND:-AROUND, AROUND:-AROUND]

    def _reflected(self, shape: tuple[int, ...], added: Mapping[Edge, int], inset: int) -> Widened:
        """Sides first, then top and bottom with the corners."""
        room, (height, width) = self._room, shape
        left, top = (AROUND + inset * (edge in added) for edge in (Edge.LEFT, Edge.TOP))
        right = AROUND + width - inset * (Edge.RIGHT in added)
        bottom = AROUND + height - inset * (Edge.BOTTOM in added)
        if more := added.get(Edge.LEFT, 0):
            cv2.flip(room[top:bottom, left : left + more], 1, dst=room[top:bottom, left - more : left])
            left -= more
        if more := added.get(Edge.RIGHT, 0):
            cv2.flip(room[top:bottom, right - more : right], 1, dst=room[top:bottom, right : right + more])
            right += more
        if more := added.get(Edge.TOP, 0):
            cv2.flip(room[top : top + more, left:right], 0, dst=room[top - more : top, left:right])
            top -= more
        if more := added.get(Edge.BOTTOM, 0):
            cv2.flip(room[bottom - more : bottom, left:right], 0, dst=room[bottom : bottom + more, left:right])
            bottom += more
        return Widened(room[top:bottom, left:right], (float(left - AROUND), float(top - AROUND)))


def _bands(gray: Gray, depth: int) -> dict[Edge, Gray]:
    height, width = gray.shape
    return {
        Edge.LEFT: gray[:, :depth],
        Edge.RIGHT: gray[:, width - depth :],
        Edge.TOP: gray[:depth],
        Edge.BOTTOM: gray[height - depth :],
    }
