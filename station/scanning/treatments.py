"""The treatments of a picture that gave no code, as a table, with what each one earned."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import cv2
import numpy as np
import zxingcpp

from station.scanning.arrays import Gray

_LOCAL: Final = zxingcpp.Binarizer.LocalAverage
_GLOBAL: Final = zxingcpp.Binarizer.GlobalHistogram


@dataclass(frozen=True, slots=True)
class Treatment:
    """One way to look again."""

    name: str
    longest: int
    """The picture is first shrunk to this longest side, pixels; 0 leaves it as it is."""
    stretch: tuple[float, float] = (1.0, 1.0)
    """Then resized by these factors in x and y."""
    change: Callable[[Gray], Gray] | None = None
    """Then changed; the size stays."""
    binarizer: zxingcpp.Binarizer = _LOCAL
    """Then zxing-cpp looks with this binarizer."""


def stretched(gray: Gray, factors: tuple[float, float]) -> Gray:
    """`gray` resized by `factors` in x and y."""
    if factors == (1.0, 1.0):
        return gray
    method = cv2.INTER_AREA if min(factors) < 1 else cv2.INTER_CUBIC
    return cv2.resize(gray, None, fx=factors[0], fy=factors[1], interpolation=method)


def gamma(gray: Gray, exponent: float) -> Gray:
    """Brightness to the power `exponent`: below 1 opens shadows, above 1 tames glare."""
    table = 255.0 * (np.arange(256) / 255.0) ** exponent
    return cv2.LUT(gray, table.astype(np.uint8))


def thresholded(gray: Gray, block: int, below: int) -> Gray:
    """Black where `below` or more darker than the mean of the `block` pixel square around."""
    mean, binary = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
    return cv2.adaptiveThreshold(gray, 255, mean, binary, block, below)


def blurred(gray: Gray, sigma: float) -> Gray:
    """Gaussian blur of `sigma` pixels: closes gaps between printed dots."""
    return cv2.GaussianBlur(gray, (0, 0), sigma)


def sharpened(gray: Gray) -> Gray:
    """Three times the picture less twice its 5 x 5 mean: rescues defocus and motion blur."""
    return cv2.addWeighted(gray, 3.0, cv2.blur(gray, (5, 5)), -2.0, 0.0)


_DIM_BELOW: Final = 64
"""Brightest gray level of a dim frame."""
_MOST_GAIN: Final = 20.0
"""More would blow the noise of an empty dark frame up to a texture."""


def dim(gray: Gray) -> bool:
    """True for a frame too dark for zxing-cpp, which wants 24 gray levels of contrast."""
    rows = (gray[4::128, 4::16], gray[4::16, 4::16])  # read by the gate just now; a few tell most bright frames
    return all(points.size and int(points.max()) < _DIM_BELOW for points in rows)


def brightened(gray: Gray) -> Gray:
    """The 3 x 3 mean stretched to 0..255: rescues light of 4 % with sensor noise."""
    smooth = cv2.blur(gray, (3, 3))
    low, high, _, _ = cv2.minMaxLoc(smooth)
    gain = min(255.0 / max(1.0, high - low), _MOST_GAIN)
    return cv2.convertScaleAbs(smooth, alpha=gain, beta=-low * gain)


TREATMENTS: Final = (
    Treatment("histogram", 0, binarizer=_GLOBAL),  # 9 codes, 6.7 ms
    Treatment("threshold 51 at 500", 500, change=partial(thresholded, block=51, below=5)),  # 3 codes, 3.3 ms
    Treatment("flat 0.6", 1200, stretch=(1.0, 0.6)),  # 1 code, 5.3 ms
    Treatment("blur 2 at 800", 800, change=partial(blurred, sigma=2.0)),  # 1 code, 6.0 ms
    Treatment("threshold 151", 1200, change=partial(thresholded, block=151, below=8)),  # 3 codes, 8.7 ms
    Treatment("gamma 0.45, histogram", 1200, change=partial(gamma, exponent=0.45), binarizer=_GLOBAL),  # 1, 3.8 ms
    Treatment("wide 3", 1200, stretch=(3.0, 1.0)),  # 1 code by the grid fitted where it saw one, 8.1 ms
    Treatment("sharp", 1200, change=sharpened),  # 1 code, 5.7 ms
)
"""In this order. Beside each: of the 482 codes read in the 393 photos of docs/reading.md, how many it was the first to
read where the plain look (400) and the bent grids (60) had not, and what it costs a photo that needs it. Gamma 2.2,
a fixed threshold and x2 enlargement read nothing first, nor showed a place, and are gone."""
