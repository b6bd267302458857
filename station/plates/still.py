"""Whether what a camera sees stands still: two small gray pictures, one look apart."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.scan import Image

_SIZE: Final = (64, 36)
_DIFFERS: Final = 12.0  # gray levels, beyond what the whole picture got brighter or darker by
_MOVED: Final = 0.04
"""Share of the picture that differs once something moves; a hand with a telephone is less than a vehicle."""


class Stillness:
    def __init__(self) -> None:
        self._before: NDArray[Any] | None = None

    def see(self, image: Image) -> bool:
        """Does it stand as it did at the last look? Not at the first."""
        small = cv2.resize(image, _SIZE, interpolation=cv2.INTER_AREA)
        now = (small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)).astype(np.float32)
        before, self._before = self._before, now
        if before is None:
            return False
        change = now - before
        return float((np.abs(change - np.median(change)) > _DIFFERS).mean()) < _MOVED
