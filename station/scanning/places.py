"""A place in a live picture where a code stands: read or not, how it moves, how its print bends."""

from dataclasses import dataclass, replace
from typing import Final

from station.scanning.arrays import Field, Gray, Quad
from station.scanning.bend import decoded, fitted_field, levelled, sampled, straightened
from station.scanning.codewords import known
from station.scanning.edges import Speed
from station.scanning.follow import Followed
from station.scanning.look import Candidate, Reading, centre, reading_of, side_of

_NEAR: Final = 0.5
"""Centres closer than this share of the side are the same place."""
_STEADY_S: Final = 0.1
"""Motion is taken from places no further apart in time, and carried on no longer."""


@dataclass(slots=True)
class Place:
    """One place: where it was seen last, what was read there, how it moves, how its print bends."""

    corners: Quad
    modules: int
    """Modules a side; 0 while unknown."""
    seen_s: float = float("-inf")
    read_s: float = float("-inf")
    treated_s: float = float("-inf")
    tries: int = 0
    lost: int = 0
    """How often in a row the code was not found where it went."""
    code: Reading | None = None
    """The surest reading of the code that stands here."""
    _field: Field | None = None
    _followed: Followed | None = None
    _stood: Quad = ()
    """Corners where it was last read."""
    _speeds: tuple[Speed, ...] = ()
    """Of every corner; none while unknown."""

    @property
    def speed(self) -> Speed | None:
        """Pixels a second of its finder corner; None while unknown."""
        return self._speeds[0] if self._speeds else None

    def is_at(self, corners: Quad, modules: int) -> bool:
        """True where `corners` frame the same place, as far as size tells."""
        if modules and self.modules and modules != self.modules:
            return False
        (x, y), (own_x, own_y) = centre(corners), centre(self.corners)
        reach = _NEAR * side_of(self.corners)
        return abs(x - own_x) < reach and abs(y - own_y) < reach

    def read(self, code: Reading, now_s: float) -> None:
        """A code was read here."""
        self._move(code.corners, now_s)
        self._found(now_s)
        if code.version:
            self.modules = 17 + 4 * code.version
        if self.code is None or self.code.payload != code.payload or self.code.spare < code.spare:
            self.code, self._followed = code, None

    def seen(self, candidate: Candidate, now_s: float) -> None:
        """Finder patterns were seen here, the code was not read."""
        self.seen_s = now_s
        if candidate.modules or not self.modules:
            self.corners = candidate.corners
            self.modules = candidate.modules or self.modules

    def _found(self, now_s: float) -> None:
        self.read_s = self.seen_s = now_s
        self.lost = 0

    def _move(self, corners: Quad, now_s: float) -> None:
        passed = now_s - self.read_s
        moved = zip(self._stood, corners, strict=True) if 0 < passed <= _STEADY_S else ()
        self._speeds = tuple(((x - old_x) / passed, (y - old_y) / passed) for (old_x, old_y), (x, y) in moved)
        self.corners = self._stood = corners

    def follow(self, gray: Gray, now_s: float) -> Reading | None:
        """Read the code known to stand here where its motion puts it in this frame."""
        if self.code is None:
            return None
        if self._followed is None:
            what = known(self.code)
            if what is None:
                self.code = None
                return None
            self._followed = Followed(what)
        corners = self._followed.found(gray, self._expected(now_s))
        if corners is None:
            self.lost += 1
            return None
        self._move(corners, now_s)
        self._found(now_s)
        return replace(self.code, corners=corners, how="followed")

    def _expected(self, now_s: float) -> Quad:
        if not self._speeds:
            return self._stood
        ahead = min(now_s - self.read_s, _STEADY_S)
        return tuple((x + u * ahead, y + v * ahead) for (x, y), (u, v) in zip(self._stood, self._speeds, strict=True))

    def sample(self, gray: Gray) -> Reading | None:
        """Decode the modules of this frame: along the bend known, else a new one."""
        light = levelled(straightened(gray, self.corners, self.modules))
        if self._field is not None and len(self._field) == self.modules:
            barcode = decoded(sampled(light, self._field) < 0)
            if barcode is not None:
                return reading_of(barcode, self.corners, "bend known")
        self._field = fitted_field(light, self.modules)
        barcode = decoded(sampled(light, self._field) < 0)
        return None if barcode is None else reading_of(barcode, self.corners, "bent")
