"""When a barrier's arm is to be lowered, and whether it moves as told. Pure timing; ``gpio.py`` moves it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Expected:
    up: bool
    by: float


class Arm:
    def __init__(self, open_seconds: float, moves_within: float, lowered_by_us: bool) -> None:
        """:param lowered_by_us: False for a barrier whose own controller lowers it whenever it likes."""
        self._open_seconds = open_seconds
        self._moves_within = moves_within
        self._lowered_by_us = lowered_by_us
        self._lower_at: float | None = None
        self._held = False
        self._expected: _Expected | None = None

    def raised(self, now: float) -> None:
        self._lower_at = now + self._open_seconds
        self._expected = _Expected(True, now + self._moves_within)

    def stop_next(self, now: float) -> None:
        """Whoever comes next has to wait: down as soon as nothing is under it."""
        if self._lower_at is not None:
            self._lower_at = min(self._lower_at, now)

    def hold(self, now: float) -> None:
        self.raised(now)
        self._held = True

    def release(self, now: float) -> None:
        self._held = False
        self.stop_next(now)

    def lowers(self, occupied: bool, now: float) -> bool:
        """True once each time it was raised, when its time is over and nothing is in the beam."""
        if self._lower_at is None or now < self._lower_at or self._held or occupied:
            return False
        self._lower_at = None
        self._expected = _Expected(False, now + self._moves_within) if self._lowered_by_us else None
        return True

    def trouble(self, is_up: bool, now: float) -> str:
        """What is wrong by the switch that feels the arm; empty while nothing is."""
        if self._expected is None or is_up is self._expected.up or now < self._expected.by:
            return ""
        return "did not open" if self._expected.up else "did not close"
