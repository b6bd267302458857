"""Picture in, plate out: found, straightened, read and held against the grammar."""

from dataclasses import dataclass

import cv2
import numpy as np

from station.domain.plates import Plate, read_plate
from station.plates.decode import decode
from station.plates.locate import Place, places
from station.plates.reading import Picture, Reader

HEIGHT = 64
"""Pixels of a line that is cut out."""
_LINE, _BOTH = (int(HEIGHT * 3.3), HEIGHT), (int(HEIGHT * 4.4), int(HEIGHT * 2.2))
_BRIGHT, _MOST_GAIN = 200.0, 8.0
_UPPER, _LOWER = (0.04, 0.38), (0.38, 0.96)
"""Shares of a plate's height that its two lines take (GA 36: 15 to 75 and 90 to 200 of 220 mm)."""


@dataclass(frozen=True, slots=True)
class Found:
    """``confidence`` is 0 to 1: how likely the model's scores make just this text."""

    plate: Plate
    confidence: float


class PlateFinder:
    """As safe for several threads at once as its reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def find(self, image: Picture) -> Found | None:
        """The plate that is read most surely, None where none is. :param image: BGR or gray."""
        picture = _lit(image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR))
        lines = [_as_line(picture, place) for place in places(picture)]
        if not lines:
            return None
        read = [decoded for scores in self._reader.read(lines) if (decoded := decode(scores)) is not None]
        if not read:
            return None
        text, confidence = max(read, key=lambda one: one[1])
        return Found(read_plate(text), confidence)


def _lit(picture: Picture) -> Picture:
    """A dark picture made brighter, so that colours can be told; lamps and sky may burn."""
    bright = float(np.percentile(picture[::8, ::8], 90))
    gain = min(_MOST_GAIN, _BRIGHT / max(bright, 1.0))
    return cv2.convertScaleAbs(picture, alpha=gain) if gain > 1.2 else picture


def _as_line(picture: Picture, place: Place) -> Picture:
    """The plate from the front as one line of print; of two lines the upper is put before the lower."""
    if not place.two_lines:
        return _straight(picture, place, _LINE)
    both = _straight(picture, place, _BOTH)
    upper, lower = (both[round(a * len(both)) : round(b * len(both))] for a, b in (_UPPER, _LOWER))
    middle = upper[:, round(upper.shape[1] * 0.2) : round(upper.shape[1] * 0.8)]
    size = (round(middle.shape[1] * lower.shape[0] / middle.shape[0] * 0.6), lower.shape[0])
    return np.hstack((cv2.resize(middle, size, interpolation=cv2.INTER_CUBIC), lower))


def _straight(picture: Picture, place: Place, size: tuple[int, int]) -> Picture:
    width, height = size
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    homography = cv2.getPerspectiveTransform(place.corners.astype(np.float32), target)
    return cv2.warpPerspective(picture, homography, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
