"""What the hand-held scanner of a lane reads becomes scans, as what the camera reads does."""

from collections.abc import Callable

from station.domain.moment import Moment
from station.domain.scan import Code, Scan
from station.scanning.guard import RepeatGuard

NOWHERE = ((0, 0), (0, 0), (0, 0), (0, 0))


class HandScanner:
    """A code that the camera has in view as well is one presentation: both ask the same guard. ``emit`` may wait."""

    def __init__(
        self,
        lane: str,
        guard: RepeatGuard,
        emit: Callable[[Scan], object],
        now: Callable[[], Moment],
        clock: Callable[[], float],
    ) -> None:
        self._lane = lane
        self._guard = guard
        self._emit = emit
        self._now = now
        self._clock = clock
        self.scans = 0

    def read(self, text: str) -> None:
        payload = text.encode()
        if self._guard.begins(self._lane, [payload], self._clock()):
            self.scans += 1
            self._emit(Scan(self._lane, Code(payload, text, "", NOWHERE, "hand scanner"), 0, self._now()))
