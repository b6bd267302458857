"""A station's counts of the local day, for its live frames."""

from collections.abc import Mapping

from station.messages import LiveLane
from station.simulation.clock import text_of
from station.simulation.traffic import Row


class DayOfLanes:
    """Between two frames most lanes stay as they are, so they are kept as they were said."""

    def __init__(self, lanes: int) -> None:
        self._names = tuple(str(number + 1) for number in range(lanes))
        self._day = ""
        self._counts: dict[str, dict[str, int]] = {}
        self._last: dict[str, float] = {}
        self._lanes: dict[str, LiveLane] = {}
        self._changed: dict[str, None] = {}

    def count(self, row: Row, day: str, since_1970: float) -> None:
        """Take off what the passage counted for before, and add what it counts for now."""
        self._turn(day)
        self._changed[row.lane] = None
        counts = self._counts[row.lane]
        counts[row.outcome] += 1
        self._last[row.lane] = since_1970
        if row.before is None:
            counts["vehicles"] += row.vehicles
            counts["persons"] += row.persons
            counts["crossings"] += 1
        else:
            counts[row.before] = max(0, counts[row.before] - 1)

    def lanes(self, day: str) -> Mapping[str, LiveLane]:
        self._turn(day)
        for lane in self._changed:
            last_at = text_of(self._last[lane]) if lane in self._last else ""
            self._lanes[lane] = LiveLane(**self._counts[lane], unmatched=0, last_at=last_at)
        self._changed = {}
        return dict(self._lanes)

    def _turn(self, day: str) -> None:
        if day != self._day:
            names = ("granted", "held", "denied", "vehicles", "persons", "crossings")
            self._counts = {lane: dict.fromkeys(names, 0) for lane in self._names}
            self._day, self._last, self._changed = day, {}, dict.fromkeys(self._names)
