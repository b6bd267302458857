"""From finder patterns whose corners are known to the corners of the code: fitted to what the picture shows there."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.scanning.arrays import Gray, Matrix, Points
from station.scanning.finders import Finder
from station.scanning.look import Candidate
from station.scanning.modules import ALIGNMENT, FINDER, alignment_pairs

_REACH: Final = 4.0
"""A pattern is sought this many modules around where it is expected."""
_MATCH: Final = 0.5
"""Least normalised correlation to believe a pattern."""
_PITCH: Final = 5
_RING: Final = np.array([(1, 1), (6, 1), (6, 6), (1, 6)], np.float32)


@dataclass(frozen=True, slots=True)
class Placed:
    """Finders with the corner each stands at: (0,0), (1,0) right of it, (0,1) below."""

    modules: int
    finders: tuple[tuple[Finder, tuple[int, int]], ...]
    affine: Matrix
    """Pixels to modules, rough."""
    misfit: float
    """Log ratio of the two sides; 1 where only two finders are known."""


def fitted(gray: Gray, placed: Placed) -> list[tuple[float, Candidate]]:
    """The place with the module count its timing rows like best, and how much they do."""
    best: tuple[float, Matrix, int] | None = None
    for modules in (placed.modules - 4, placed.modules, placed.modules + 4):
        if not 21 <= modules <= 177:
            continue
        matrix = _matrix(gray, _resized(placed, modules))
        if matrix is None:
            continue
        score = _timing(gray, matrix, modules)
        if best is None or score > best[0]:
            best = (score, matrix, modules)
    if best is None:
        return []
    score, matrix, modules = best
    outer = np.array([(0, 0), (modules, 0), (modules, modules), (0, modules)], np.float32)
    corners = cv2.perspectiveTransform(outer[None], matrix)[0]
    return [(score, Candidate(tuple((float(x), float(y)) for x, y in corners), modules))]


def _resized(placed: Placed, modules: int) -> Placed:
    far, old = modules - 7, placed.modules - 7
    finders = tuple((one, (x * far // old, y * far // old)) for one, (x, y) in placed.finders)
    factor = far / old
    affine = placed.affine * factor
    affine[:, 2] += 3.5 * (1 - factor)
    return Placed(modules, finders, affine, placed.misfit)


def _matrix(gray: Gray, placed: Placed) -> Matrix | None:
    """Modules to pixels: from the rings, then a missing finder and the alignment pattern."""
    far = placed.modules - 7
    source: list[Points] = []
    target: list[Points] = []
    for finder, shift in placed.finders:
        ideal = _RING + np.array(shift, np.float32)
        roughly = finder.ring @ placed.affine[:, :2].T + placed.affine[:, 2]
        roughly += ideal.mean(axis=0) - roughly.mean(axis=0)
        order = [int(np.argmin(((roughly - point) ** 2).sum(axis=1))) for point in ideal]
        if len(set(order)) < 4:
            return None
        source.extend(ideal)
        target.extend(finder.ring[order])
    known = {shift for _, shift in placed.finders}
    wanted = [((x + 3.5, y + 3.5), FINDER) for x, y in ((0, 0), (far, 0), (0, far)) if (x, y) not in known]
    if placed.modules >= 25:
        row, column = alignment_pairs(placed.modules)[-1]
        wanted.append(((column + 0.5, row + 0.5), ALIGNMENT))
    matrix = _solved(source, target)
    for spot, pattern in wanted:
        found = None if matrix is None else _sought(gray, matrix, spot, pattern)
        if found is not None:
            source.extend([np.array(spot, np.float32)] * 4)
            target.extend([found] * 4)
            matrix = _solved(source, target)
    return matrix


def _solved(source: list[Points], target: list[Points]) -> Matrix | None:
    matrix, _ = cv2.findHomography(np.array(source, np.float32), np.array(target, np.float32))
    return matrix


def _sought(gray: Gray, matrix: Matrix, ideal: tuple[float, float], pattern: NDArray[np.bool_]) -> Points | None:
    """Pixels of `pattern` near module position `ideal`; None where nothing is like it."""
    half = pattern.shape[0] / 2
    reach = _REACH + half
    low = np.array((ideal[0] - reach, ideal[1] - reach), np.float32)
    to_module = np.array([[1 / _PITCH, 0, low[0]], [0, 1 / _PITCH, low[1]], [0, 0, 1]])
    side = int(2 * reach * _PITCH)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpPerspective(gray, matrix @ to_module, (side, side), flags=flags)
    drawn = np.where(pattern, 0, 255).astype(np.uint8)
    image = cv2.resize(drawn, None, fx=_PITCH, fy=_PITCH, interpolation=cv2.INTER_NEAREST)
    _, best, _, place = cv2.minMaxLoc(cv2.matchTemplate(patch, image, cv2.TM_CCOEFF_NORMED))
    if best < _MATCH:
        return None
    found = np.array(place, np.float32) / _PITCH + np.array(half, np.float32) + low
    place_in_picture: Points = cv2.perspectiveTransform(found[None, None].astype(np.float32), matrix)[0, 0]
    return place_in_picture


def _timing(gray: Gray, matrix: Matrix, modules: int) -> float:
    """Agreement of the timing row and column with dark, light, dark ..; mean of both, -1..1."""
    along = np.arange(8, modules - 8) + 0.5
    across = np.full_like(along, 6.5)
    sign = np.where(np.arange(8, modules - 8) % 2 == 0, -1.0, 1.0)
    scores = []
    for line in (np.stack([along, across], 1), np.stack([across, along], 1)):
        points = cv2.perspectiveTransform(line[None].astype(np.float32), matrix)
        values = (
            cv2.remap(gray, points[..., 0], points[..., 1], cv2.INTER_LINEAR, borderValue=128).ravel().astype(float)
        )
        level = values - cv2.blur(values[None], (9, 1)).ravel()
        scores.append(float((sign * level).sum() / max(1.0, np.abs(level).sum())))
    return sum(scores) / 2
