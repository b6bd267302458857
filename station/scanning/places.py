"""A place in a live picture where a code stands: followed, sampled, remembered."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from station.scanning.arrays import Field, Gray, Quad
from station.scanning.bend import decoded, fitted_field, levelled, sampled, straightened
from station.scanning.look import Candidate, Reading, centre, reading_of

_MEMORY: Final = 0.75
"""Weight of the samples of frames before against this frame's."""
_NEAR: Final = 0.5
"""Centres closer than this share of the side are the same place."""


@dataclass(slots=True)
class Place:
    """One place: where it was seen last, how its print bends, what was sampled so far."""

    corners: Quad
    modules: int
    """Modules a side; 0 while unknown."""
    seen_s: float = -1e9
    read_s: float = -1e9
    treated_s: float = -1e9
    tries: int = 0
    field: Field | None = None
    ink: Field | None = None
    """Samples added up over frames, (modules, modules), below 0 is dark."""

    def is_at(self, corners: Quad, modules: int) -> bool:
        """True where `corners` frame the same place, as far as size tells."""
        if modules and self.modules and modules != self.modules:
            return False
        apart = np.abs(np.subtract(centre(corners), centre(self.corners))).max()
        return bool(apart < _NEAR * np.ptp(np.array(self.corners), axis=0).max())

    def read(self, code: Reading, now_s: float) -> None:
        """A code was read here: its corners hold, and nothing need be added up."""
        self.corners, self.read_s, self.seen_s = code.corners, now_s, now_s
        if code.version:
            self.modules = 17 + 4 * code.version
        self.ink = None

    def seen(self, candidate: Candidate, now_s: float) -> None:
        """Finder patterns were seen here, the code was not read."""
        self.seen_s = now_s
        if candidate.modules or not self.modules:
            self.corners = candidate.corners
            self.modules = candidate.modules or self.modules

    def sample(self, gray: Gray) -> Reading | None:
        """Decode the modules of this frame: along the bend known, a new one, frames added."""
        light = levelled(straightened(gray, self.corners, self.modules))
        if self.field is not None and len(self.field) == self.modules:
            barcode = decoded(sampled(light, self.field) < 0)
            if barcode is not None:
                return reading_of(barcode, self.corners, "bend known")
        self.field = fitted_field(light, self.modules)
        values = sampled(light, self.field)
        barcode = decoded(values < 0)
        if barcode is not None:
            return reading_of(barcode, self.corners, "bent")
        return self._added(values)

    def _added(self, values: Field) -> Reading | None:
        """Decode the samples of this frame added to those before."""
        if self.ink is None or self.ink.shape != values.shape:
            self.ink = values
            return None
        self.ink = values + _MEMORY * self.ink
        barcode = decoded(self.ink < 0)
        return None if barcode is None else reading_of(barcode, self.corners, "frames added")
