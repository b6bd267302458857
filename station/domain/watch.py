"""One lane's reconciliation as it runs: what happens goes in, rows to be written come out."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from station.domain.crossing_rows import entry_of, history_of
from station.domain.crossings import Crossing, Event, Fact
from station.domain.moment import Moment
from station.domain.passage import Entry, Row
from station.domain.reconciliation import Free, Limits, State, recalled, step
from station.domain.situation import LaneKind

ALARM_LASTS = 120.0
"""Seconds for which a crossing without a decision stays on the screen, unless somebody is registered by hand before."""


class Watch:
    def __init__(
        self,
        lane: str,
        kind: LaneKind,
        limits: Limits | None,
        number: Callable[[int], int],
    ) -> None:
        """:param limits: None without a presence sensor: nothing is seen, so nothing is held against anything.
        :param number: a passage's number by now; it changes once a passage kept in memory is on disk.
        """
        self._lane, self._kind, self._limits, self._number = lane, kind, limits, number
        self._state = State()
        self._alarm_until = float("-inf")

    def recall(self, rows: Iterable[Row], now: Moment) -> None:
        """Go on from what was written before a restart."""
        if self._limits is not None:
            self._state = recalled(history_of(rows, self._kind, now), self._limits)

    def happened(self, event: Event, now: Moment) -> list[Entry]:
        """What is to be written down of it."""
        if self._limits is None:
            return []
        self._state, facts = step(_renumbered(self._state, self._number), event, self._limits)
        if any(_is_undecided(fact) for fact in facts):
            self._alarm_until = now.monotonic + ALARM_LASTS
        return [entry_of(fact, self._lane, self._kind, now) for fact in facts]

    @property
    def occupied(self) -> bool:
        """Something is in the beam, or nobody knows; False without a sensor."""
        return self._limits is not None and not isinstance(self._state.beam, Free)

    def alarms(self, now: Moment) -> bool:
        """Something crossed without a decision, and nobody has answered for it."""
        return now.monotonic < self._alarm_until

    def answered(self) -> None:
        """Somebody was registered by hand."""
        self._alarm_until = float("-inf")


def _is_undecided(fact: Fact) -> bool:
    return isinstance(fact, Crossing) and fact.account.without_decision


def _renumbered(state: State, number: Callable[[int], int]) -> State:
    followed = state.followed
    return replace(
        state,
        admissions=tuple(replace(a, passage=number(a.passage)) for a in state.admissions),
        used=tuple((number(passage), times) for passage, times in state.used),
        followed=None if followed is None else (number(followed[0]), followed[1]),
    )
