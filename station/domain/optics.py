"""What a camera makes of a printed code: pixels per module, edge width, light, and from how far it can be read.

Pictures are 8 bit, gray or BGR. Lengths in a picture are pixels (px), lengths in the world millimetres (mm).
"""

from dataclasses import dataclass
from math import dist, inf, radians, tan

import numpy as np
from numpy.typing import NDArray

from station.domain.scan import Corners, Image

COMFORTABLE = 3.0
"""Pixels per module at which blur, tilt and noise are still forgiven."""
LIMIT = 1.5
"""Pixels per module below which a clean, sharp code is no longer read: measured on rendered streams."""
USUAL_MODULES = 53
"""Modules a side of a usual pass: QR version 9."""
BURNT_FROM, BLACK_TO = 250, 5

_SAMPLES = 64  # points a side at which the inside of a code is looked at
_LONGEST = 160  # points along the longer side at which a whole frame is looked at
_CROP = 384  # longest side, in pixels, of the part of a code that is looked at for its edges

Gray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Exposure:
    """Light in a frame or in a code. ``mean`` and ``contrast`` (95th less 5th percentile) are gray levels 0 to 255,
    ``burnt`` and ``black`` the shares (0 to 1) of points at 250 or more and at 5 or less."""

    mean: float
    contrast: float
    burnt: float
    black: float


def pixels_per_module(corners: Corners, modules: int) -> float:
    """px per module along the code's shortest side, which decides what can be told apart.

    :param modules: modules a side, 1 or more.
    """
    sides = (dist(corners[i], corners[(i + 1) % 4]) for i in range(4))
    return min(sides) / modules


def edge_width(image: Image, corners: Corners, px_per_module: float) -> float:
    """How many px a step from dark to light takes inside the code, from 10 % to 90 % of it.

    The code's contrast over its steepest slopes: for a step blurred by a Gaussian of ``sigma`` px it is about
    ``2.6 * sigma``, and never less than 1, a step from one pixel to the next. Infinite where there is no contrast.
    """
    gray, inside = _cropped(image, corners)
    if not inside.any():
        return inf
    slopes = np.hypot(np.diff(gray, axis=1)[:-1], np.diff(gray, axis=0)[:, :-1])[inside[:-1, :-1]]
    if not slopes.size:
        return inf
    # About one pixel in px_per_module lies on an edge; the steepest quarter of those is where it is steepest.
    steepest = float(np.quantile(slopes, 1 - 0.25 / max(px_per_module, 1.0)))
    contrast = _contrast(gray[inside])
    return max(1.0, contrast / steepest) if steepest > 0 else inf


def frame_exposure(image: Image) -> Exposure:
    """Light in the whole frame, at 160 points along its longer side."""
    step = max(1, max(image.shape[:2]) // _LONGEST)
    return _exposure(_gray(image[::step, ::step]))


def code_exposure(image: Image, corners: Corners) -> Exposure:
    """Light inside the code, at 64 x 64 points between its corners."""
    height, width = image.shape[:2]
    across, down = np.meshgrid(*[(np.arange(_SAMPLES) + 0.5) / _SAMPLES] * 2)
    weights = np.stack(((1 - across) * (1 - down), across * (1 - down), across * down, (1 - across) * down), axis=-1)
    x, y = np.moveaxis(weights @ np.array(corners, np.float64), -1, 0)
    columns, rows = np.clip(x, 0, width - 1).astype(int), np.clip(y, 0, height - 1).astype(int)
    return _exposure(_gray(image[rows, columns]))


def focal_by_view(width: int, view: float) -> float:
    """Focal length in px of a lens without distortion.

    :param width: of the picture in px. :param view: horizontal angle of view in degrees, above 0 and below 180.
    """
    return width / 2 / tan(radians(view) / 2)


def focal_by_distance(px_per_module: float, size: float, modules: int, distance: float) -> float:
    """Focal length in px from one code of known size at a known distance.

    :param size: side of the printed code in mm, quiet zone left out. :param distance: to the lens in mm.
    """
    return px_per_module * distance * modules / size


def reading_distance(size: float, modules: int, focal: float, px_per_module: float) -> float:
    """Distance in mm at which a code facing the camera has so many px per module: they fall as 1 / distance.

    :param size: side of the printed code in mm. :param focal: focal length in px.
    """
    return size / modules * focal / px_per_module


def _exposure(gray: Gray) -> Exposure:
    return Exposure(
        mean=float(gray.mean()),
        contrast=_contrast(gray),
        burnt=float((gray >= BURNT_FROM).mean()),
        black=float((gray <= BLACK_TO).mean()),
    )


def _contrast(gray: Gray) -> float:
    low, high = np.percentile(gray, (5, 95))
    return float(high - low)


def _cropped(image: Image, corners: Corners) -> tuple[Gray, NDArray[np.bool_]]:
    """The middle of the code, and which of its pixels lie inside the corners."""
    points = np.array(corners, np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, np.minimum(high - low, _CROP) / 2
    left, top = np.maximum(np.floor(middle - half), 0).astype(int)
    right, bottom = np.maximum(np.ceil(middle + half), 0).astype(int)
    gray = _gray(image[top : bottom + 1, left : right + 1])
    y, x = np.mgrid[top : top + gray.shape[0], left : left + gray.shape[1]]
    turns = [
        (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        for (ax, ay), (bx, by) in zip(points, np.roll(points, -1, axis=0), strict=True)
    ]
    # A mirrored code runs the other way round.
    return gray, np.all([turn >= 0 for turn in turns], axis=0) | np.all([turn <= 0 for turn in turns], axis=0)


def _gray(image: Image) -> Gray:
    """Gray levels 0 to 255; BGR is weighed as the eye does. Takes points (n x m x 3) as well as pictures."""
    if image.ndim == 2:
        return image.astype(np.float32)
    return image.astype(np.float32) @ np.array((0.114, 0.587, 0.299), np.float32)
