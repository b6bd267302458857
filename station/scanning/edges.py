"""What lies beyond the picture's edge, made up so that zxing-cpp reads a code that is only just entering.

zxing-cpp needs three finder patterns and a grid that lies inside the picture. A finder pattern is its own mirror image:
where the edge cuts one near its middle, the picture mirrored at that edge completes it, and error correction makes up
for the modules beyond. The mirror must pass within a module of the middle, so it stands at one of two places: for the
whole picture in turn, and in the same frame at the other one for a strip along an edge where something comes in.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.scan import Image
from station.scanning.arrays import Gray, Quad
from station.scanning.room import AROUND, Edge, Room, Widened

Speed = tuple[float, float]
"""Pixels a second, to the right and down."""
Steps = NDArray[Any]
"""Where along an edge it goes from dark to light or back, in pixels."""

_MIRRORS: Final = (5, 0)
"""Pixels inside the edge at which the mirror stands."""
_BESIDE: Final = 24
"""Pixels added at an edge along which codes move: half a finder pattern."""
_AHEAD: Final = AROUND
"""Pixels added at an edge where codes come in: what is still outside of a code."""
_MOVING: Final = 30.0
"""Pixels a second from which codes come in at one edge and leave by the other."""
_LINE: Final = 8
"""Pixels inside the edge of the line that tells whether anything crosses it."""
_STEP: Final = 3
_STEP_BY: Final = 24
"""Gray levels between points of that line, `_STEP` pixels apart, that count as a step from dark to light or back."""
_LEAST_STEPS: Final = 12
"""So many steps call for surroundings: at 8 the film's codes are read in as many frames, at 16 in five fewer."""
_LEAST_UNREAD: Final = 16
"""So many steps that no code read explains call for a strip: fewer cost more strips than they read codes."""
_DEPTH: Final = 3
"""A strip is the picture's shorter side by this deep: at 2 the film's codes are read in 1,704 frames for 1.30 times
zxing-cpp's time, at 3 in 1,702 for 1.25, at 4 in 1,701."""
_APART: Final = 140
"""Pixels without a step that part two things along an edge; a strip is for the one with the most steps. At 80 it cuts
codes in two, at 140 and 200 it does not."""
_REACH: Final = 100
"""Pixels of a strip beyond the outermost of those steps."""
_PAPER: Final = 255


class Edges:
    """Makes up the surroundings of one camera's frames where something crosses their edges."""

    def __init__(self) -> None:
        self._room = Room()
        self._turns = cycle((_MIRRORS, _MIRRORS[::-1]))
        self._other = _MIRRORS[1]
        self._added: dict[Edge, int] = {}
        self._steps: dict[Edge, Steps] = {}

    def gray_of(self, image: Image) -> Gray:
        """`image` in gray, where it can be widened without being copied, until the next one comes."""
        return self._room.gray_of(image)

    @contextmanager
    def widened(self, gray: Gray, drift: Speed) -> Iterator[Widened]:
        """`gray` with its surroundings, within the ``with``; the codes known move by `drift` on the whole."""
        self._cross(gray, drift)
        if not self._added:
            yield Widened(gray)
            return
        inset, self._other = next(self._turns)
        with self._room.mirrored(gray, self._added, inset) as wide:
            yield wide

    def strips(self, gray: Gray, known: Sequence[Quad]) -> Iterator[Widened]:
        """Along each edge where something comes in that none of the codes `known` covers, a strip mirrored elsewhere.

        It comes after `widened` and last of all: the codes known are painted over, so nothing is spent on them again.
        """
        unread = {edge: _unread(self._steps[edge], gray, edge, known) for edge in self._added if self._ahead(edge)}
        unread = {edge: steps for edge, steps in unread.items() if len(steps) >= _LEAST_UNREAD}
        if not unread:
            return
        gray = self._room.holding(gray)
        for corners in known:
            cv2.fillConvexPoly(gray, np.array(corners).round().astype(np.int32), _PAPER)
        with self._room.mirrored(gray, self._added, self._other) as wide:
            for edge, steps in unread.items():
                yield _strip(wide, edge, min(gray.shape) // _DEPTH + _AHEAD, steps)

    def _ahead(self, edge: Edge) -> bool:
        return self._added[edge] == _AHEAD

    def _cross(self, gray: Gray, drift: Speed) -> None:
        """Note by which edges something comes in, and how much is to be added there."""
        self._added, self._steps = {}, {}
        if min(gray.shape) <= 2 * _AHEAD:
            return
        across, down = drift
        inwards = {Edge.LEFT: across, Edge.RIGHT: -across, Edge.TOP: down, Edge.BOTTOM: -down}
        for edge, speed in inwards.items():
            if speed < -_MOVING:
                continue
            steps = _steps_along(gray, edge)
            if len(steps) >= _LEAST_STEPS:
                self._steps[edge] = steps
                self._added[edge] = _AHEAD if speed > _MOVING else _BESIDE


def _steps_along(gray: Gray, edge: Edge) -> Steps:
    at = _line_at(gray, edge)
    line = gray[:, at] if _upright(edge) else gray[at]
    points = line[::_STEP].astype(np.int16)
    return np.flatnonzero(np.abs(points[1:] - points[:-1]) > _STEP_BY) * _STEP


def _unread(steps: Steps, gray: Gray, edge: Edge, known: Sequence[Quad]) -> Steps:
    """Of `steps` along `edge` those of the largest thing that no code known explains."""
    at = _line_at(gray, edge)
    for corners in known:
        cut = _cut(corners if _upright(edge) else tuple((y, x) for x, y in corners), at)
        if cut:
            steps = steps[(steps < min(cut)) | (steps > max(cut))]
    things = np.split(steps, np.flatnonzero(steps[1:] - steps[:-1] > _APART) + 1)
    return max(things, key=len)


def _cut(corners: Quad, at: float) -> list[float]:
    """Where the sides of `corners` cross the line of all points (`at`, y): the y of each crossing."""
    sides = zip(corners, (*corners[1:], corners[0]), strict=True)
    return [b + (d - b) * (at - a) / (c - a) for (a, b), (c, d) in sides if (a <= at) != (c <= at)]


def _strip(wide: Widened, edge: Edge, depth: int, steps: Steps) -> Widened:
    """`depth` pixels of `wide` along `edge`, where the `steps` are."""
    left, top = (int(start) for start in wide.origin)
    along = top if _upright(edge) else left
    run = slice(max(0, int(steps[0]) - _REACH - along), int(steps[-1]) + _REACH - along)
    deep = slice(0, depth) if edge in (Edge.LEFT, Edge.TOP) else slice(-depth, None)
    rows, columns = (run, deep) if _upright(edge) else (deep, run)
    height, width = wide.gray.shape
    return Widened(
        wide.gray[rows, columns],
        (float(left + columns.indices(width)[0]), float(top + rows.indices(height)[0])),
    )


def _line_at(gray: Gray, edge: Edge) -> int:
    """Column or row of the line along `edge`."""
    match edge:
        case Edge.LEFT | Edge.TOP:
            return _LINE
        case Edge.RIGHT:
            return int(gray.shape[1]) - 1 - _LINE
        case Edge.BOTTOM:
            return int(gray.shape[0]) - 1 - _LINE


def _upright(edge: Edge) -> bool:
    return edge in (Edge.LEFT, Edge.RIGHT)
