"""Frames in, scans out: the scan thread of one lane."""

from collections.abc import Callable
from typing import Protocol

from station.domain.moment import Moment
from station.domain.scan import Code, Frame, Scan
from station.runtime import Slot, Spread
from station.scanning.code_places import CodePlaces
from station.scanning.guard import RepeatGuard

WAIT = 0.5


class FrameReader(Protocol):
    def read(self, frame: Frame) -> list[Code]:
        """Every code to be read in this frame, within the reader's budget."""
        ...


class Scanner:
    """Reads the newest frame of a lane. ``emit`` gets each scan and may wait; frames missed meanwhile are skipped."""

    def __init__(
        self,
        lane: str,
        frames: Slot[Frame],
        reader: FrameReader,
        guard: RepeatGuard,
        emit: Callable[[Scan], object],
        now: Callable[[], Moment],
        clock: Callable[[], float],
    ) -> None:
        self._lane = lane
        self._frames = frames
        self._reader = reader
        self._guard = guard
        self._emit = emit
        self._now = now
        self._clock = clock
        self._places = CodePlaces()
        self.in_view: frozenset[bytes] = frozenset()
        self.ages = Spread()
        self.scans = 0
        self.read_frames = 0
        self.last: tuple[Frame, Code] | None = None

    def step(self) -> None:
        frame = self._frames.take(WAIT)
        if frame is None:
            return
        codes = self._reader.read(frame)
        self.read_frames += 1
        self.ages.add(self._clock() - frame.captured)
        if codes:
            self.last = (frame, codes[-1])
        for scan in self._scans(frame, codes):
            self.scans += 1
            self._emit(scan)

    def _scans(self, frame: Frame, codes: list[Code]) -> list[Scan]:
        begun = set(self._guard.begins(self._lane, (code.payload for code in codes), frame.captured))
        at = self._now()
        by_payload = {code.payload: code for code in codes}
        self.in_view = frozenset(by_payload)
        self._places.see(by_payload.values(), frozenset(begun), frame.captured)
        return [
            Scan(
                self._lane,
                code,
                frame.number,
                at,
                self._places.neighbours(code, frame.captured),
                self._places.returned(payload),
            )
            for payload, code in by_payload.items()
            if payload in begun
        ]
