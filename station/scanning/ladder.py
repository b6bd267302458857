"""Still pictures: the ladder from one plain look to every treatment.

Stop as soon as something was read and no seen-but-unread place is left.
"""

from typing import Final

import numpy as np

from station.scanning.arrays import Gray, Points, Quad
from station.scanning.bend import read_bent
from station.scanning.doubt import doubtful
from station.scanning.finders import finders_of
from station.scanning.locate import located
from station.scanning.look import MODEL_1, Candidate, Look, Reading, centre, inside, look, moved, reading_of
from station.scanning.shrink import shrunk
from station.scanning.treatments import TREATMENTS, Treatment, brightened, dim, stretched
from station.scanning.zbar import NAME as ZBAR
from station.scanning.zbar import ZbarReader

_FITS_PER_LOOK: Final = 3
"""Bent-code fits after one look; each costs 5 to 40 ms."""
_MORE_AFTER_A_READ: Final = 3
_FINDERS_LONGEST = 1000
_FINDERS_LONGEST_AFTER_A_READ = 640
_ZBAR_LONGEST: Final = (500, 800)


class Ladder:
    """One climb over one picture: what was read, what is still open."""

    def __init__(self, gray: Gray) -> None:
        """Start with nothing read and nothing seen."""
        self._zbar = ZbarReader()
        self.gray = brightened(gray) if dim(gray) else gray
        self.codes: list[Reading] = []
        self.seen: list[Candidate] = []
        self.tried: list[Candidate] = []
        self.treated = 0
        self.doubted: list[Reading] = []

    def climb(self) -> list[Reading]:
        """Look, then treat until settled or out of treatments."""
        self.take(look(self.gray, "plain"), (1.0, 1.0))
        if not self.settled():
            self.treat(TREATMENTS[0])
        self.locate()
        for treatment in TREATMENTS[1:]:
            if self.settled() or (self.codes and self.treated >= _MORE_AFTER_A_READ):
                return self.codes
            self.treat(treatment)
        if not self.codes:
            self.ask_zbar()
        if not self.codes:
            self.take(look(self.gray, "model 1", formats=MODEL_1), (1.0, 1.0))
        return self.codes

    def locate(self) -> None:
        """Seek finder patterns where nothing was read yet, and fit what they frame."""
        longest = _FINDERS_LONGEST_AFTER_A_READ if self.codes else _FINDERS_LONGEST
        if not longest:
            return
        free = [one for one in finders_of(self.gray, longest) if not self.covered(one.centre)]
        if len(free) < 2:
            return
        places = located(self.gray, free)
        self.seen.extend(places)
        for place in places:
            self.fit(place)

    def covered(self, point: Points) -> bool:
        """True where `point` lies in a code that was read."""
        return any(inside((float(point[0]), float(point[1])), code.corners) for code in self.codes)

    def settled(self) -> bool:
        """Something was read, and every place seen belongs to something read."""
        return bool(self.codes) and not self.open()

    def open(self) -> list[Candidate]:
        """Places seen that no reading covers."""
        return [one for one in self.seen if not any(inside(centre(one.corners), code.corners) for code in self.codes)]

    def treat(self, treatment: Treatment) -> None:
        """Look again through one treatment."""
        self.treated += 1
        small = shrunk(self.gray, treatment.longest)
        changed = stretched(small, treatment.stretch)
        if treatment.change is not None:
            changed = treatment.change(changed)
        scale = (self.gray.shape[1] / changed.shape[1], self.gray.shape[0] / changed.shape[0])
        self.take(look(changed, treatment.name, treatment.binarizer), scale)

    def take(self, result: Look, scale: tuple[float, float]) -> None:
        """Add one look's codes, then try to fit the places it saw."""
        for code in result.codes:
            self.add(moved(code, scale))
        fresh = [Candidate(_scaled(one.corners, scale), one.modules) for one in result.candidates]
        self.seen.extend(fresh)
        for one in fresh[:_FITS_PER_LOOK]:
            self.fit(one)

    def fit(self, one: Candidate) -> None:
        """Try the bent-code reader on a place, once a place."""
        if not one.modules or one not in self.open():
            return
        if any(_same_place(one, before) for before in self.tried):
            return
        self.tried.append(one)
        barcode = read_bent(self.gray, one.corners, one.modules)
        if barcode is not None:
            self.add(reading_of(barcode, one.corners, "bent"))

    def add(self, code: Reading) -> None:
        """Keep `code` unless known; a doubtful one waits for another treatment to agree."""
        if _read_before(code, self.codes):
            return
        if not doubtful(code):
            self.codes.append(code)
            return
        others = [one for one in self.doubted if one.how != code.how]
        if _read_before(code, others):
            self.codes.append(code)
        else:
            self.doubted.append(code)

    def ask_zbar(self) -> None:
        """The other reader, on two small copies."""
        for longest in _ZBAR_LONGEST:
            for found in zbar_readings(self._zbar, self.gray, longest):
                self.add(found)


def zbar_readings(zbar: ZbarReader, gray: Gray, longest: int = _ZBAR_LONGEST[-1]) -> list[Reading]:
    """What zbar reads on a copy of `gray` of at most `longest` pixels: small copies read as well and cost less."""
    small = shrunk(gray, longest)
    scale = (gray.shape[1] / small.shape[1], gray.shape[0] / small.shape[0])
    how = f"{ZBAR} at {longest}"
    return [Reading(one.text, one.payload, _scaled(one.corners, scale), how, 0.0, 0) for one in zbar.read(small)]


def _scaled(corners: Quad, scale: tuple[float, float]) -> Quad:
    return tuple((x * scale[0], y * scale[1]) for x, y in corners)


def _read_before(code: Reading, others: list[Reading]) -> bool:
    """True where one of `others` has the same bytes at the same place."""
    point = centre(code.corners)
    return any(one.payload == code.payload and inside(point, one.corners) for one in others)


def _same_place(one: Candidate, other: Candidate) -> bool:
    """Same size, and centres closer than a tenth of the side."""
    if one.modules != other.modules:
        return False
    a, b = np.array(one.corners), np.array(other.corners)
    return bool(np.abs(a - b).max() < 0.01 * np.ptp(a, axis=0).max())
