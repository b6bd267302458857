"""What the district's page shows, published as it changes: calm enough to read, at most twice a second."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from station.feed import Feed
from station.hub.queries import Queries
from station.hub.roster import StationRow

PUBLISH_SECONDS = 0.5
ALL_AGAIN_SECONDS = 10.0  # silence is no message: what went stale, and the next day, are found by looking
AT_ONCE = 250  # stations looked at between two batches: with 7,000 of them no message waits for the page
REST = 4  # times as long as a look took is none; so the page takes a fifth of the collector's time at the most
TOTALS = "totals"
_SUMMED = ("passages", "granted", "held", "denied", "vehicles", "persons", "crossings", "unmatched")


class Overview:
    """Feed topics: "station/<id>" for each station, "totals" for the district. Times are the hub's time zone's.

    A round shows every station that was touched, some at each call of ``publish``, and ends with the totals.
    """

    def __init__(
        self, queries: Queries, feed: Feed, now: Callable[[], datetime], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._queries = queries
        self._feed = feed
        self._now = now
        self._clock = clock
        self._looked = dict.fromkeys(queries.names(), -ALL_AGAIN_SECONDS)
        self._states: dict[str, str] = {}
        self._shares: dict[str, list[int]] = {}  # of each station in the totals: its backlog and what is summed
        self._touched: set[str] = set()
        self._due: list[str] = []
        self._begun = self._ended = self._rested = -ALL_AGAIN_SECONDS

    def touch(self, stations: Iterable[str]) -> None:
        """Something new is stored of these."""
        self._touched.update(stations)

    def publish(self) -> None:
        """Publish some of what changed, unless that was done a moment ago."""
        now = self._clock()
        if now < self._rested or (not self._due and not self._begin(now)):
            return
        self._show(self._due[-AT_ONCE:], now)
        del self._due[-AT_ONCE:]
        if not self._due:
            self._feed.publish(TOTALS, self._totals())
            self._ended = now
        over = self._clock()
        self._rested = over + REST * (over - now)

    def _begin(self, now: float) -> bool:
        """Gather what the next round shows. False while there is nothing to show, or the last one began just now."""
        if now - self._begun < PUBLISH_SECONDS:
            return False
        old = [station for station, at in self._looked.items() if now - at >= ALL_AGAIN_SECONDS]
        self._due = list(self._touched.union(old))
        self._touched = set()
        self._begun = now
        return bool(self._due) or now - self._ended >= ALL_AGAIN_SECONDS

    def _show(self, stations: list[str], now: float) -> None:
        lanes = self._queries.lanes_today(stations)
        for station in self._queries.stations(stations):
            self._looked[station.id] = now
            shown = lanes.get(station.id, [])
            self._states[station.id] = station.state
            self._shares[station.id] = [station.backlog, *(sum(lane[name] for lane in shown) for name in _SUMMED)]
            self._feed.publish(f"station/{station.id}", {**_members(station), "lanes": shown})

    def _totals(self) -> dict[str, Any]:
        none = [0] * (1 + len(_SUMMED))
        backlog, *sums = (sum(column) for column in zip(none, *self._shares.values(), strict=True))
        states = list(self._states.values())
        return dict(zip(_SUMMED, sums, strict=True)) | {
            "stations": len(states),
            "states": {state: states.count(state) for state in sorted(set(states))},
            "backlog": backlog,
            "at": self._now().astimezone(self._queries.zone).isoformat(timespec="seconds"),
        }


def _members(station: StationRow) -> dict[str, Any]:
    return {name: getattr(station, name) for name in StationRow.__slots__}
