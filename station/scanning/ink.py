"""Ink: how dark a place is beside what lies around it, so that neither shadow nor glare decides."""

import cv2
import numpy as np

from station.scanning.arrays import Field, Gray

DEEPEST = 1.2
"""Ink beyond this tells no more."""


def ink_of(light: Gray, window: int) -> Field:
    """Brightness in standard deviations of the `window` x `window` points around, clipped; below 0 is dark."""
    bright = light.astype(np.float32)
    mean = cv2.blur(bright, (window, window))
    deviation = np.sqrt(np.maximum(cv2.blur(bright * bright, (window, window)) - mean * mean, 16.0))
    return np.clip((bright - mean) / deviation, -DEEPEST, DEEPEST)
