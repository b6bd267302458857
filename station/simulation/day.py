"""A station's counts of the local day, for its live frames."""

from collections.abc import Mapping

from station.messages import LiveLane
from station.simulation.traffic import Row


class DayOfLanes:
    def __init__(self, lanes: int) -> None:
        self._names = tuple(str(number + 1) for number in range(lanes))
        self._day = ""
        self._counts: dict[str, dict[str, int]] = {}
        self._last: dict[str, str] = {}

    def count(self, row: Row, day: str, at: str) -> None:
        """Take off what the passage counted for before, and add what it counts for now."""
        self._turn(day)
        counts = self._counts[row.lane]
        counts[row.outcome] += 1
        self._last[row.lane] = at
        if row.before is None:
            counts["vehicles"] += row.vehicles
            counts["persons"] += row.persons
            counts["crossings"] += 1
        else:
            counts[row.before] = max(0, counts[row.before] - 1)

    def lanes(self, day: str) -> Mapping[str, LiveLane]:
        self._turn(day)
        return {
            lane: LiveLane(**counts, unmatched=0, last_at=self._last.get(lane, ""))
            for lane, counts in self._counts.items()
        }

    def _turn(self, day: str) -> None:
        if day != self._day:
            names = ("granted", "held", "denied", "vehicles", "persons", "crossings")
            self._counts = {lane: dict.fromkeys(names, 0) for lane in self._names}
            self._day, self._last = day, {}
