"""How much time a live reader may spend: a share of what full looks alone would cost, unspent time kept for a while."""

from collections.abc import Callable
from typing import Final

_SHARE: Final = 1.0
"""Mean time a frame, as a multiple of a full look alone."""
_MOST_SAVED: Final = 16.0
"""Unspent time kept for later, in full looks."""
_ADAPTS: Final = 0.2
"""Weight of the newest full look in the mean of their cost."""


class Budget:
    """Seconds of effort, by `clock`, that frames bring and looks and treatments use up."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._full_cost = 0.0
        self._saved = 0.0
        self._since = 0.0

    @property
    def left(self) -> bool:
        """True while there is time for one more treatment."""
        return self._saved > 0

    def begin(self) -> None:
        """Time runs from here on."""
        self._since = self._clock()

    def spend(self) -> float:
        """Take off the time since the last call, and tell it."""
        now = self._clock()
        spent, self._since = now - self._since, now
        self._saved -= spent
        return spent

    def full_look_took(self, seconds: float) -> None:
        if self._full_cost == 0.0:
            self._full_cost, self._saved = seconds, _MOST_SAVED * seconds
        self._full_cost += _ADAPTS * (seconds - self._full_cost)

    def frame_came(self) -> None:
        """One frame's worth more."""
        self._saved = min(self._saved + _SHARE * self._full_cost, _MOST_SAVED * self._full_cost)
