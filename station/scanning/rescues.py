"""What is done for a live frame that its look did not read: for one place in it, or for the whole."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from station.scanning.arrays import Gray, Quad
from station.scanning.bend import read_bent
from station.scanning.finders import finders_of
from station.scanning.locate import located
from station.scanning.look import Reading, look, moved, reading_of
from station.scanning.places import Place
from station.scanning.treatments import sharpened

_LOCATE_LONGEST: Final = 640
_LOCATED_FITS: Final = 2
_CROP_EVERY: Final = 4
"""Every so many tries a place is cropped and looked at anew, instead of its modules being sampled alone."""


def rescued(gray: Gray, place: Place, now_s: float) -> tuple[Reading, ...]:
    """Treat one unread place: sample its modules along the print's bend, now and then look at it in another way."""
    place.treated_s = now_s
    place.tries += 1
    if place.modules:
        code = place.sample(gray)
        if code is not None:
            return (code,)
    if place.tries % _CROP_EVERY:
        return ()
    crop, origin = _crop(gray, place.corners)
    if not crop.size:
        return ()
    search = _OF_A_CROP[place.tries // _CROP_EVERY % len(_OF_A_CROP)]
    return tuple(moved(code, (1.0, 1.0), origin) for code in search(crop))


def _doubled(crop: Gray) -> tuple[Reading, ...]:
    double = cv2.resize(crop, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return tuple(moved(code, (0.5, 0.5)) for code in look(double, "double").codes)


def _sharp(gray: Gray) -> tuple[Reading, ...]:
    return look(sharpened(gray), "sharp").codes


def _located(gray: Gray) -> tuple[Reading, ...]:
    """Seek finder patterns, then fit what they frame."""
    for place in located(gray, finders_of(gray, _LOCATE_LONGEST))[:_LOCATED_FITS]:
        barcode = read_bent(gray, place.corners, place.modules)
        if barcode is not None:
            return (reading_of(barcode, place.corners, "located"),)
    return ()


Rescue = Callable[[Gray], tuple[Reading, ...]]

WHOLE_FRAME: Final[tuple[Rescue, ...]] = (_sharp, _sharp, _located)
"""In turn. Sharpening costs 1.3 looks and reads all defocused presentations, if need be by two readings that agree;
finder patterns cost 3 to 10 and read tilt of 65 degrees and glare."""
_OF_A_CROP: Final[tuple[Rescue, ...]] = (_located, _doubled)


def _crop(gray: Gray, corners: Quad) -> tuple[Gray, tuple[float, float]]:
    """The place with a quarter of its side around, and the crop's top left."""
    points = np.array(corners)
    margin = 0.25 * np.ptp(points, axis=0).max()
    left, top = np.maximum(points.min(axis=0) - margin, 0).astype(int)
    right, bottom = (points.max(axis=0) + margin).astype(int)
    return np.ascontiguousarray(gray[top:bottom, left:right]), (float(left), float(top))
