"""How long to wait before trying again: full jitter, so that what was lost together does not come back together; how
much to say to somebody who may be far behind; and how often somebody may do something."""

from dataclasses import dataclass
from random import Random

FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
STEADY_PERIOD_S = 30.0
_DOUBLINGS = 10
_ROUNDING = 1e-6


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
        self._succeeded_at: float | None = None

    def wait(self, now: float) -> float:
        """Seconds until the next attempt may be; 0 when it may be now."""
        return max(0.0, self._next - now)

    def failed(self, now: float) -> None:
        """An attempt came to nothing, or what stood is lost."""
        if self._succeeded_at is not None and now - self._succeeded_at >= STEADY_PERIOD_S:
            self._failures = 0
        self._succeeded_at = None
        self._next = now + self._chance.uniform(0, min(self._longest, self._first * 2**self._failures))
        self._failures = min(self._failures + 1, _DOUBLINGS)

    def reset(self) -> None:
        """The next failure is a first one."""
        self._failures = 0

    def succeeded(self, now: float) -> None:
        """All is well now; may be called again and again. Once it has been so for ``STEADY_PERIOD_S`` the next failure
        is a first one. Not at once: who is let in and thrown out again every time would come back every second."""
        if self._succeeded_at is None:
            self._succeeded_at = now


class RateLimit:
    """``burst`` at once, and one more every ``interval_s`` (the generic cell rate algorithm). For one thread."""

    def __init__(self, burst: int, interval_s: float) -> None:
        self._interval, self._window = interval_s, burst * interval_s
        self._whole_at = float("-inf")

    def is_exhausted(self, now: float) -> bool:
        owed = max(0.0, self._whole_at - now) + self._interval
        return owed > self._window + _ROUNDING * self._interval

    def take(self, now: float) -> bool:
        """:return: whether there was one left."""
        if self.is_exhausted(now):
            return False
        self._whole_at = max(self._whole_at, now) + self._interval
        return True


@dataclass(slots=True)
class _Said:
    first: float
    due: float
    wait: float
    again: bool = False


class Offering:
    """Numbered messages to somebody who answers each: how many may wait for their answer (``width``), and when one is
    due again. Where a whole district brings the backlog of an outage, the answer takes minutes: so it begins with one,
    is one more after each answer in good time, and each wait is as long as the last answers let expect."""

    def __init__(self, shortest: float, longest: float, most: int) -> None:
        self._shortest, self._longest, self._most = shortest, longest, most
        self._wait = shortest
        self._said: dict[int, _Said] = {}
        self.width = 1

    def due(self, number: int, now: float) -> bool:
        said = self._said.get(number)
        return said is None or now >= said.due

    def say(self, number: int, now: float) -> None:
        """It is being said. Each time again it waits twice as long."""
        said = self._said.get(number)
        if said is None:
            self._said[number] = _Said(now, now + self._wait, self._wait)
            return
        said.wait = min(2 * said.wait, self._longest)
        said.due, said.again, self.width = now + said.wait, True, 1

    def answered(self, number: int, now: float) -> float | None:
        """:return: seconds since it was first said; None if it was not."""
        said = self._said.pop(number, None)
        if said is None:
            return None
        took = now - said.first
        self._wait = min(max(self._shortest, 2 * took), self._longest)
        if not said.again:
            self.width = min(self.width + 1, self._most)
        return took

    def forget(self, since: int = 0) -> None:
        """Those from this number on are due, as if they had never been said."""
        self._said = {number: said for number, said in self._said.items() if number < since}
        self.width = 1
