"""A known code as it looks from the front, and frames seen that way: what following compares.

A module is drawn three pixels wide, about what a camera gives it: against five that takes half the time, finds the
code from twice as far off and reads no less.
"""

from functools import cache
from typing import Final

import cv2
import numpy as np

from station.scanning.arrays import Field, Gray, Matrix, Points, Quad
from station.scanning.ink import DEEPEST, ink_of
from station.scanning.modules import Modules

PITCH: Final = 3
"""Pixels a module."""
_MARGIN: Final = 3
"""Modules drawn around the code."""
_LIGHT: Final = 9
"""Modules over which light is levelled."""


def drawn(dark: Modules) -> Gray:
    """The code of these modules, about as sharp as a camera has it."""
    page = np.pad(np.where(dark, 0, 255).astype(np.uint8), _MARGIN, constant_values=255)
    sharp = cv2.resize(page, None, fx=PITCH, fy=PITCH, interpolation=cv2.INTER_NEAREST)
    return _evened(cv2.blur(sharp, (3, 3)))


def straightened(gray: Gray, to_frame: Matrix, side: int) -> Gray:
    """What `gray` shows where the code is expected, as `drawn` would have it."""
    size = (side + 2 * _MARGIN) * PITCH
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return _evened(cv2.warpPerspective(gray, to_frame, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE))


def sampled(gray: Gray, places: Points) -> Field:
    """Ink of the modules that lie at `places` (side, side, 2) in `gray`."""
    x, y = cv2.split(places)
    light = cv2.remap(gray, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return ink_of(light, _LIGHT)


def front_to_frame(corners: Quad, side: int) -> Matrix:
    """From the drawing to the frame that has the code at `corners`."""
    return cv2.getPerspectiveTransform(outline(side)[0], np.array(corners, np.float32))


@cache
def outline(side: int) -> Points:
    """The code's corners in the drawing, (1, 4, 2)."""
    low, high = _MARGIN * PITCH, (side + _MARGIN) * PITCH
    return np.array([[[low, low], [high, low], [high, high], [low, high]]], np.float32)


@cache
def module_centres(side: int) -> Points:
    """Where the modules' centres lie in the drawing, (side, side, 2)."""
    along = (np.arange(side, dtype=np.float32) + np.float32(_MARGIN + 0.5)) * PITCH - np.float32(0.5)
    return np.stack(np.meshgrid(along, along), axis=-1)


def bends(places: Points, side: int) -> Points:
    """The terms of a smooth bulge at `places` (.., 2): of second order, in halves of the drawing's side."""
    middle = np.float32((side + 2 * _MARGIN) * PITCH / 2)
    x, y = np.moveaxis(places / middle - np.float32(1.0), -1, 0)
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


@cache
def bends_of_centres(side: int) -> Points:
    """The same at the modules' centres."""
    return bends(module_centres(side), side)


def _evened(light: Gray) -> Gray:
    """`light` levelled, as 8 bit again."""
    return cv2.convertScaleAbs(ink_of(light, _LIGHT * PITCH) + DEEPEST, alpha=255 / (2 * DEEPEST))
