"""Two beams one behind the other: what went which way. Pure, so that every order of edges can be tested.

The beams stand closer together than the shortest thing that passes is long, so that it breaks both at once. Where it
does not (a walker between beams a stride apart), one beam alone and soon after the other alone is a crossing as well.
"""

from collections.abc import Iterator
from typing import Final

from station.domain.crossings import Heading, Sighting

FIRST: Final = "first"
SECOND: Final = "second"
ALONE_WITHIN = 5.0  # seconds between the two beams of something shorter than their distance

_OTHER = {FIRST: SECOND, SECOND: FIRST}
_FROM = {FIRST: Heading.FORWARD, SECOND: Heading.BACKWARD}


class Headings:
    """``see`` once for each change of a beam, in order; nothing is said before both have been seen."""

    def __init__(self) -> None:
        self._broken: dict[str, bool] = {}
        self._entry: str | None = None
        self._inside = False
        self._both = False  # what is inside has broken the other beam too
        self._cleared = False  # and has left the beam it came through
        self._alone: tuple[str, float] | None = None

    def see(self, beam: str, broken: bool, at: float) -> Iterator[Sighting]:
        known = len(self._broken) == len(_OTHER)
        self._broken[beam] = broken
        if not known:
            if len(self._broken) == len(_OTHER):
                yield self._first_look(at)
        elif not self._inside:
            if broken:
                yield self._enter(beam, at)
        elif broken:
            self._both = self._both or beam != self._entry
        else:
            yield from self._released(beam, at)

    def _first_look(self, at: float) -> Sighting:
        broken = [beam for beam, is_broken in self._broken.items() if is_broken]
        if not broken:
            return Sighting(False, at)
        return self._enter(broken[0] if len(broken) == 1 else None, at)

    def _enter(self, beam: str | None, at: float) -> Sighting:
        self._inside, self._entry = True, beam
        self._both, self._cleared = beam is None, False
        return Sighting(True, at)

    def _released(self, beam: str, at: float) -> Iterator[Sighting]:
        if not any(self._broken.values()):
            yield self._leave(self._heading_through(beam, at), at)
            return
        if beam == self._entry:
            self._cleared = True
        elif self._cleared:
            # Away through the far beam, while the next one stands in the beam behind.
            yield self._leave(_FROM[_OTHER[beam]], at)
            yield self._enter(_OTHER[beam], at)

    def _leave(self, heading: Heading, at: float) -> Sighting:
        self._inside = False
        return Sighting(False, at, heading)

    def _heading_through(self, last: str, at: float) -> Heading:
        if self._entry is None:
            return Heading.UNKNOWN
        if last != self._entry:
            return _FROM[self._entry]
        if self._both:
            return Heading.TURNED_BACK
        before, self._alone = self._alone, (last, at)
        if before is not None and before[0] != last and at - before[1] <= ALONE_WITHIN:
            self._alone = None
            return _FROM[before[0]]
        return Heading.TURNED_BACK
