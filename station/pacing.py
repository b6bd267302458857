"""How long to wait before trying again: full jitter, so that what was lost together does not come back together."""

from random import Random

FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
_DOUBLINGS = 10


class Backoff:
    """When the next attempt may be. Up to ``first`` seconds after one failure, up to twice as long after each more,
    never more than ``longest``; drawn from nothing upwards, because 7,000 stations lose one broker at one moment."""

    def __init__(
        self, first: float = FIRST_DELAY, longest: float = LONGEST_DELAY, chance: Random | None = None
    ) -> None:
        self._first, self._longest = first, longest
        self._chance = chance or Random()
        self._failures = 0
        self._next = float("-inf")

    def wait(self, now: float) -> float:
        """Seconds until the next attempt may be; 0 when it may be now."""
        return max(0.0, self._next - now)

    def failed(self, now: float) -> None:
        """An attempt came to nothing, or what stood is lost."""
        self._next = now + self._chance.uniform(0, min(self._longest, self._first * 2**self._failures))
        self._failures = min(self._failures + 1, _DOUBLINGS)

    def succeeded(self) -> None:
        """Well again: the next failure is a first one."""
        self._failures = 0
