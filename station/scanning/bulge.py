"""The smooth bulges a printed code may have, tried as a family: labels on bottles, sleeves, pages of a book."""

from functools import cache
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.scanning.arrays import Field

PITCH: Final = 5
"""Pixels a module after straightening; 8 costs 2.5 times as much and reads no more."""
MARGIN: Final = 3
"""Modules kept around the code."""
_BULGE: Final = 7
"""Largest bulge, straightened pixels."""
_BULGE_COST: Final = 0.0003
"""Penalty a squared pixel of bulge."""
_EDGE: Final = PITCH * np.array([-1.2, -0.8, -0.4, 0.0, 0.4, 0.8, 1.2])
_FAMILY: Final = np.array(list(product(_EDGE, _EDGE, _EDGE[1:6])))
"""Pixels by which the edge at the top, the edge at the bottom and the last corner move, a row a bulge."""
_PENALTY: Final = (_BULGE_COST * (_FAMILY**2).sum(axis=1)).astype(np.float32)


def bulged(decided: Field, modules: int) -> NDArray[np.int64]:
    """The best of a family of smooth bulges, whole pixels (y, x) a module.

    The family: both edges and the fourth corner may each move by up to a module. It sees
    further than the free fit and cannot slip a row, as that one may.
    """
    every = max(1, modules // 20)
    grid = (np.arange(modules) * PITCH + MARGIN * PITCH + PITCH // 2)[::every]
    steps = np.arange(-_BULGE, _BULGE + 1)
    field = np.zeros((modules, modules, 2), np.int64)
    for axis in (0, 1):
        ink = decided if axis == 0 else decided.T
        votes = ink[grid[:, None, None] + steps, grid[None, :, None]]
        score = votes.ravel()[_family_index(modules, every)].mean(axis=1)
        best = _moves(_FAMILY[[(score - _PENALTY).argmax()]], modules, 1)[0]
        field[..., axis] = best if axis == 0 else best.T
    return field


def _moves(amounts: Field, modules: int, every: int) -> NDArray[np.int64]:
    """Bulges along y at each `every`th module, whole pixels; a row for each of `amounts`."""
    place = ((np.arange(modules) + 0.5) / modules)[::every]
    bump = 4 * place * (1 - place)
    shapes = (np.outer(1 - place, bump), np.outer(place, bump), np.outer(place, place))
    top, bottom, last = (amount[:, None, None] * shape for amount, shape in zip(amounts.T, shapes, strict=True))
    moves: NDArray[np.int64] = np.clip(np.rint(top + bottom + last), -_BULGE, _BULGE).astype(np.int64)
    return moves


@cache
def _family_index(modules: int, every: int) -> NDArray[np.int64]:
    """Where each bulge reads the votes (module, step), flattened."""
    flat = _moves(_FAMILY, modules, every).reshape(len(_FAMILY), -1) + _BULGE
    return flat + np.arange(flat.shape[1]) * (2 * _BULGE + 1)
