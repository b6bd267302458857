"""Reading a located QR code that is bent: a grid that follows the print.

zxing-cpp samples through one homography. On cloth, foil, cans and crumpled paper the
modules drift by up to half a module between the finder patterns. Here the code is
straightened to `PITCH` pixels a module, every module may move by up to `REACH` pixels,
and the shift that makes its neighbourhood most decided (dark or light, not between)
wins, coarse to fine. The sampled modules are redrawn cleanly, fixed patterns included,
and zxing-cpp decodes the drawing: error correction stays the judge.

Measured (docs/reading.md): of the 73 photos that zxing-cpp alone cannot read, 20 by its own failed candidates and 43
where our own finder patterns frame them.
"""

from functools import cache
from typing import Final

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from station.scanning.arrays import Field, Gray, Quad
from station.scanning.bulge import MARGIN, PITCH, bulged
from station.scanning.ink import ink_of
from station.scanning.look import MODEL_2
from station.scanning.modules import with_fixed_patterns

REACH: Final = 3
"""Largest shift of a module in straightened pixels: 0.6 module."""
_COARSE_TO_FINE: Final = (11, 9, 7)
"""Modules that vote together, odd; three passes."""
_STIFFNESS: Final = 0.01
"""Penalty a squared pixel of departure from the pass before."""
_CONTRAST_WINDOWS: Final = (9, 5)
"""Modules over which light is levelled; the short one for shadows and glare."""
_THRESHOLDS: Final = (0.0, -0.25, 0.25)
"""Dark below this, in local standard deviations: even, thin and fat ink."""


def read_bent(gray: Gray, quad: Quad, modules: int) -> zxingcpp.Barcode | None:
    """Read the code of `modules` a side whose outer corners (clockwise from the finder
    corner, pixels) are `quad`; None where error correction refuses every sampling."""
    straight = straightened(gray, quad, modules)
    for window in _CONTRAST_WINDOWS:
        ink = levelled(straight, window)
        for bulge in (True, False):
            field = fitted_field(ink, modules, bulge=bulge)
            values = sampled(ink, field)
            for threshold in _THRESHOLDS:
                code = decoded(values < threshold)
                if code is not None:
                    return code
    return None


def straightened(gray: Gray, quad: Quad, modules: int) -> Gray:
    """The code seen from the front, `PITCH` pixels a module and a margin of 3 modules."""
    low, high = MARGIN * PITCH, (modules + MARGIN) * PITCH
    target = np.array([[low, low], [high, low], [high, high], [low, high]], np.float32)
    homography = cv2.getPerspectiveTransform(np.array(quad, np.float32), target)
    side = (modules + 2 * MARGIN) * PITCH
    return cv2.warpPerspective(gray, homography, (side, side), borderMode=cv2.BORDER_REPLICATE)


def levelled(straight: Gray, window: int = _CONTRAST_WINDOWS[0]) -> Field:
    """The ink of a straightened code, its light levelled over `window` modules."""
    return ink_of(straight, window * PITCH | 1)


def fitted_field(ink: Field, modules: int, *, bulge: bool = True) -> Field:
    """Shift (y, x) in straightened pixels of every module, shape (modules, modules, 2)."""
    shifts = _shifts()
    decided = np.abs(cv2.blur(ink, (3, 3)))
    base = bulged(decided, modules) if bulge else np.zeros((modules, modules, 2), np.int64)
    grid = np.arange(modules) * PITCH + MARGIN * PITCH + PITCH // 2
    y = (grid[:, None] + base[..., 0])[..., None] + shifts[:, 0].astype(int)
    x = (grid[None, :] + base[..., 1])[..., None] + shifts[:, 1].astype(int)
    votes = decided[y, x]
    length = (shifts * shifts).sum(axis=1)
    field = np.zeros((modules, modules, 2), np.float32)
    for width in _COARSE_TO_FINE:
        pooled = _neighbours(votes, width) / _neighbours(np.ones((modules, modules, 1), np.float32), width)
        departure = length - 2.0 * (field @ shifts.T)  # but for a constant of the module
        best = shifts[(pooled - _STIFFNESS * departure).argmax(axis=-1)]
        field = cv2.GaussianBlur(cv2.medianBlur(best, 5), (0, 0), width / 5)
    return base.astype(np.float32) + field


@cache
def _shifts() -> Field:
    steps = range(-REACH, REACH + 1)
    return np.array([(y, x) for y in steps for x in steps], np.float32)


def _neighbours(votes: Field, width: int) -> Field:
    """Sum over the `width` x `width` modules around each; matrix products cost twice as much."""
    summed = cv2.boxFilter(votes, -1, (width, width), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return summed.reshape(*votes.shape)


def sampled(ink: Field, field: Field) -> Field:
    """Mean ink at the centre of every module, moved by `field`."""
    centre = MARGIN * PITCH + PITCH / 2 - 0.5
    grid = np.arange(len(field), dtype=np.float32) * PITCH + np.array(centre, np.float32)
    x = grid[None, :] + field[..., 1]
    y = grid[:, None] + field[..., 0]
    return cv2.remap(cv2.blur(ink, (3, 3)), x, y, cv2.INTER_LINEAR)


def decoded(dark: NDArray[np.bool_]) -> zxingcpp.Barcode | None:
    """Draw the modules at 3 pixels each with a quiet zone and let zxing-cpp decode."""
    side = dark.shape[0]
    image = np.full((side + 8, side + 8), 255, np.uint8)
    image[4:-4, 4:-4][with_fixed_patterns(dark)] = 0
    image = cv2.resize(image, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    found = zxingcpp.read_barcodes(
        image,
        formats=MODEL_2,
        text_mode=zxingcpp.TextMode.HexECI,
        binarizer=zxingcpp.Binarizer.FixedThreshold,
        try_downscale=False,
        try_invert=False,
    )
    return found[0] if found else None
