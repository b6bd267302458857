"""Live pictures: one quick look a frame, and the time it saves spent on what it missed.

The quick look leaves out inverted and shrunk copies: on the walk-past film it reads the
same codes for 0.62 of the time. A full look runs every `FULL_EVERY_S`, so an inverted or
very large code waits no longer than that. What this saves, and a fifth more, goes to
places where a code stands unread: their modules are sampled along the bend of the print
(`gridfit`), and the samples of several frames are added up before they are decoded.
"""

import time
from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from station.scanning.arrays import Gray, Quad
from station.scanning.bend import read_bent
from station.scanning.doubt import Doubts
from station.scanning.finders import finders_of
from station.scanning.locate import located
from station.scanning.look import Look, Reading, centre, inside, look, moved, reading_of
from station.scanning.places import Place
from station.scanning.treatments import brightened, dim, sharpened

FULL_EVERY_S: Final = 0.15
_SHARE: Final = 1.2
"""Mean time a frame, as a multiple of a full look alone."""
_MOST_SAVED: Final = 8.0
"""Unspent time kept for later, in full looks."""
_FULL_AFTER_A_MISS_S: Final = 0.5
"""So long every look is full once a quick one missed a code."""
_LOCATE_LONGEST: Final = 640
_FORGET_S: Final = 0.2
"""A place where nothing was seen this long is given up."""


class LiveLooks:
    """Reads frames of one camera in order; not for use from two threads."""

    def __init__(self, doubts: Doubts, clock: Callable[[], float] = time.thread_time) -> None:
        """`clock` measures the reader's own effort in seconds; tests hand in their own."""
        self._clock = clock
        self._places: list[Place] = []
        self._doubts = doubts
        self._full_s = -1e9
        self._full_cost = 0.0
        self._saved = 0.0
        self._turn = 0
        self._full_until_s = -1e9

    def read(self, gray: Gray, now_s: float) -> list[Reading]:
        """Codes read in this frame; `now_s` is the frame's time in seconds."""
        began = self._clock()
        gray = brightened(gray) if dim(gray) else gray
        result = self._look(gray, now_s)
        codes = [code for code in result.codes if self._doubts.trusted(code, now_s)]
        for code in codes:
            self._place_at(code.corners, 17 + 4 * code.version).read(code, now_s)
        for one in result.candidates:
            self._place_at(one.corners, one.modules).seen(one, now_s)
        self._places = [one for one in self._places if now_s - one.seen_s <= _FORGET_S]
        self._saved += _SHARE * self._full_cost - (self._clock() - began)
        self._compare_looks(now_s)
        codes += self._treat_open(gray, codes, now_s)
        if not codes and self._saved > 0:
            codes = self._treat_whole(gray, now_s)
        self._saved = min(self._saved, _MOST_SAVED * self._full_cost)
        return codes

    def _look(self, gray: Gray, now_s: float) -> Look:
        if now_s - self._full_s < FULL_EVERY_S and now_s > self._full_until_s:
            return look(gray, "quick", quick=True)
        began = self._clock()
        result = look(gray, "plain")
        cost = self._clock() - began
        if self._full_cost == 0:
            self._full_cost, self._saved = cost, _MOST_SAVED * cost
        self._full_cost += 0.2 * (cost - self._full_cost)
        self._full_s = now_s
        return result

    def _compare_looks(self, now_s: float) -> None:
        """Stay with full looks for a while where the quick one sees nothing of what they read."""
        if any(one.read_s == self._full_s and one.seen_s < now_s for one in self._places):
            self._full_until_s = now_s + _FULL_AFTER_A_MISS_S

    def _place_at(self, corners: Quad, modules: int) -> Place:
        """The known place nearest to `corners`, or a new one."""
        for place in self._places:
            if place.is_at(corners, modules):
                return place
        self._places.append(Place(corners, modules))
        return self._places[-1]

    def _treat_open(self, gray: Gray, codes: list[Reading], now_s: float) -> list[Reading]:
        """One treatment for every unread place, longest waiting first, while time is left."""
        found: list[Reading] = []
        waiting = [one for one in self._places if one.read_s < now_s and not _taken(one, codes)]
        for place in sorted(waiting, key=lambda one: one.treated_s):
            if self._saved <= 0:
                break
            began = self._clock()
            for code in self._treat(gray, place, now_s):
                if self._doubts.trusted(code, now_s):
                    place.read(code, now_s)
                    found.append(code)
            self._saved -= self._clock() - began
        return found

    def _treat(self, gray: Gray, place: Place, now_s: float) -> list[Reading]:
        place.treated_s = now_s
        place.tries += 1
        if place.modules:
            code = place.sample(gray)
            if code is not None:
                return [code]
        if place.tries % 4:
            return []
        crop, origin = _crop(gray, place.corners)
        if not crop.size:
            return []
        search = _doubled if place.tries % 8 else _located
        return [moved(code, (1.0, 1.0), origin) for code in search(crop)]

    def _treat_whole(self, gray: Gray, now_s: float) -> list[Reading]:
        """One treatment of a whole frame that gave nothing, the next in turn."""
        began = self._clock()
        self._turn += 1
        found = _sharpened(gray) if self._turn % 2 else _located(gray)
        fresh = [one for one in found if self._doubts.trusted(one, now_s)]
        for code in fresh:
            self._place_at(code.corners, 17 + 4 * code.version).read(code, now_s)
        self._saved -= self._clock() - began
        return fresh


def _sharpened(gray: Gray) -> list[Reading]:
    """Look at the frame sharpened: rescues defocus and motion blur."""
    return list(look(sharpened(gray), "sharp").codes)


def _taken(place: Place, codes: list[Reading]) -> bool:
    """True where a code of this frame covers the place."""
    return any(inside(centre(place.corners), code.corners) for code in codes)


def _doubled(crop: Gray) -> list[Reading]:
    """Look at the crop in double size."""
    double = cv2.resize(crop, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return [moved(code, (0.5, 0.5)) for code in look(double, "double").codes]


def _located(crop: Gray) -> list[Reading]:
    """Seek finder patterns in the crop, then fit."""
    for place in located(crop, finders_of(crop, _LOCATE_LONGEST))[:2]:
        barcode = read_bent(crop, place.corners, place.modules)
        if barcode is not None:
            return [reading_of(barcode, place.corners, "located")]
    return []


def _crop(gray: Gray, corners: Quad) -> tuple[Gray, tuple[float, float]]:
    """The place with a quarter of its side around, and the crop's top left."""
    points = np.array(corners)
    margin = 0.25 * np.ptp(points, axis=0).max()
    left, top = np.maximum(points.min(axis=0) - margin, 0).astype(int)
    right, bottom = (points.max(axis=0) + margin).astype(int)
    return np.ascontiguousarray(gray[top:bottom, left:right]), (float(left), float(top))
