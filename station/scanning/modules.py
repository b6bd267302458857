"""The modules of a QR symbol that every code of its size shares (ISO/IEC 18004)."""

import numpy as np
from numpy.typing import NDArray

Modules = NDArray[np.bool_]

FINDER = np.zeros((9, 9), bool)
FINDER[1:8, 1:8] = True
FINDER[2:7, 2:7] = False
FINDER[3:6, 3:6] = True
ALIGNMENT = np.ones((5, 5), bool)
ALIGNMENT[1:4, 1:4] = False
ALIGNMENT[2, 2] = True


def with_fixed_patterns(dark: Modules) -> Modules:
    """A copy of `dark` with finder, timing and alignment patterns put right."""
    fixed = dark.copy()
    side = len(fixed)
    fixed[:8, :8] = FINDER[1:, 1:]
    fixed[:8, -8:] = FINDER[1:, :8]
    fixed[-8:, :8] = FINDER[:8, 1:]
    timing = np.arange(8, side - 8) % 2 == 0
    fixed[6, 8 : side - 8] = timing
    fixed[8 : side - 8, 6] = timing
    fixed[side - 8, 8] = True
    for y, x in alignment_pairs(side):
        fixed[y - 2 : y + 3, x - 2 : x + 3] = ALIGNMENT
    return fixed


def alignment_pairs(side: int) -> list[tuple[int, int]]:
    """Centres (row, column) of the alignment patterns of a code of `side` modules."""
    centres = _alignment_centres((side - 17) // 4)
    finders = {(6, 6), (6, side - 7), (side - 7, 6)}
    return [(y, x) for y in centres for x in centres if (y, x) not in finders]


def _alignment_centres(version: int) -> list[int]:
    """Annex E of ISO/IEC 18004 as a formula; version 32 is the standard's own exception."""
    if version < 2:
        return []
    count = version // 7 + 2
    step = 26 if version == 32 else (version * 4 + count * 2 + 1) // (count * 2 - 2) * 2
    last = version * 4 + 10
    return [6, *(last - step * index for index in range(count - 2, -1, -1))]
