"""From finder patterns to the corners of a code: three of them, or two and a search."""

from itertools import permutations
from typing import Final

import cv2
import numpy as np

from station.scanning.arrays import Gray, Matrix, Points
from station.scanning.finders import Finder
from station.scanning.look import Candidate
from station.scanning.placing import Placed, fitted

_OFF_AXIS: Final = 0.35
"""How far a neighbour finder may leave its row, as a share of its distance."""
_SIZE_RATIO: Final = 2.2
_TIMING: Final = 0.25
"""Least agreement with the timing rows, -1..1, to believe a place (chance: near 0)."""
_MOST_FINDERS: Final = 9
_MOST_SCORED: Final = 8
"""Groups fitted to the picture, 1 ms each; the best placed come first."""
_MOST_PLACES: Final = 4


def located(gray: Gray, finders: list[Finder]) -> list[Candidate]:
    """Places where finder patterns stand like those of one code, best timing rows first."""
    finders = sorted(finders, key=lambda one: -one.module)[:_MOST_FINDERS]
    scored: list[tuple[float, Candidate]] = []
    groups = [(triple, _triple(*triple)) for triple in permutations(finders, 3)]
    used = {id(one) for triple, placed in groups if placed for one in triple}
    lonely = [one for one in finders if id(one) not in used]
    places = [placed for _, placed in groups if placed]
    for pair in permutations(lonely, 2):
        places.extend(_pairs(*pair))
    for placed in sorted(places, key=lambda one: one.misfit)[:_MOST_SCORED]:
        scored.extend(fitted(gray, placed))
    scored.sort(key=lambda entry: -entry[0])
    return [place for score, place in scored if score >= _TIMING][:_MOST_PLACES]


def _triple(corner: Finder, right: Finder, below: Finder) -> Placed | None:
    """The three as one code's finders, or None where they cannot be."""
    across, down = right.centre - corner.centre, below.centre - corner.centre
    if across[0] * down[1] - across[1] * down[0] <= 0:
        return None
    width, height = _span(corner, right), _span(corner, below)
    if not width or not height or max(width, height) > 1.5 * min(width, height):
        return None
    modules = _modules((width + height) / 2)
    far = modules - 7
    affine = _affine((corner.centre, right.centre, below.centre), far)
    return Placed(
        modules,
        ((corner, (0, 0)), (right, (far, 0)), (below, (0, far))),
        affine,
        abs(float(np.log(width / height))),
    )


def _pairs(one: Finder, other: Finder) -> list[Placed]:
    """The two as one side of a code (code on the right hand): its top, or its left side."""
    span = _span(one, other)
    if not span:
        return []
    modules = _modules(span)
    far = modules - 7
    forth = other.centre - one.centre
    u, v = _frame(one)
    side = u if abs(_solve(u, v, forth)[0]) < abs(_solve(u, v, forth)[1]) else v
    if forth[0] * side[1] - forth[1] * side[0] < 0:
        side = -side
    third = (one.centre + other.centre) / 2 - forth / 2 + side * far
    top = _affine((one.centre, other.centre, third), far)
    beyond = third + forth
    left = _affine((other.centre, beyond, one.centre), far)
    return [
        Placed(modules, ((one, (0, 0)), (other, (far, 0))), top, 1.0),
        Placed(modules, ((other, (0, 0)), (one, (0, far))), left, 1.0),
    ]


def _span(one: Finder, other: Finder) -> float:
    """Distance of two finders of a row in modules, seen from both; 0 where they are no row."""
    if max(one.module, other.module) > _SIZE_RATIO * min(one.module, other.module):
        return 0.0
    axis = other.centre - one.centre
    spans = []
    for finder in (one, other):
        off, along = np.sort(np.abs(_solve(*_frame(finder), axis)))
        if along < 12 or off > _OFF_AXIS * along:
            return 0.0
        spans.append(float(along))
    return float(np.sqrt(spans[0] * spans[1]))


def _frame(finder: Finder) -> tuple[Points, Points]:
    """Two sides of the finder's square as vectors of one module, pixels."""
    ring = finder.ring
    return (ring[1] - ring[0] + ring[2] - ring[3]) / 10, (ring[3] - ring[0] + ring[2] - ring[1]) / 10


def _solve(u: Points, v: Points, vector: Points) -> Points:
    return np.linalg.solve(np.column_stack([u, v]), vector)


def _modules(span: float) -> int:
    """Modules a side of the code whose finders are `span` modules apart: 21, 25 .. 177."""
    return int(np.clip(17 + 4 * round((span + 7 - 17) / 4), 21, 177))


def _affine(centres: tuple[Points, Points, Points], far: int) -> Matrix:
    ideal = np.array([(3.5, 3.5), (far + 3.5, 3.5), (3.5, far + 3.5)], np.float32)
    return cv2.getAffineTransform(np.stack(centres).astype(np.float32), ideal)
