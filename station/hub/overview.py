"""What the district's page shows, published as it changes: calm enough to read, at most twice a second."""

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from station.feed import Feed
from station.hub.queries import Queries

PUBLISH_SECONDS = 0.5
ALL_AGAIN_SECONDS = 10.0  # silence is no message: what went stale, and the next day, are found by looking
TOTALS = "totals"
_SUMMED = ("passages", "granted", "held", "denied", "vehicles", "persons", "crossings", "unmatched")


class Overview:
    """Feed topics: "station/<id>" for each station, "totals" for the district. Times are the hub's time zone's."""

    def __init__(
        self, queries: Queries, feed: Feed, now: Callable[[], datetime], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._queries = queries
        self._feed = feed
        self._now = now
        self._clock = clock
        self._views: dict[str, dict[str, Any]] = {}
        self._touched: set[str] = set()
        self._published = self._looked = -ALL_AGAIN_SECONDS

    def touch(self, stations: Iterable[str]) -> None:
        """Something new is stored of these."""
        self._touched.update(stations)

    def publish(self) -> None:
        """Publish what changed, unless that was done a moment ago."""
        now = self._clock()
        everything = now - self._looked >= ALL_AGAIN_SECONDS
        if now - self._published < PUBLISH_SECONDS or not (self._touched or everything):
            return
        only = None if everything else self._touched
        lanes = self._queries.lanes_today(only)
        for station in self._queries.stations(only):
            self._views[station.id] = {**asdict(station), "lanes": lanes.get(station.id, [])}
            self._feed.publish(f"station/{station.id}", self._views[station.id])
        self._feed.publish(TOTALS, self._totals())
        self._touched = set()
        self._published = now
        self._looked = now if everything else self._looked

    def _totals(self) -> dict[str, Any]:
        totals: dict[str, Any] = dict.fromkeys(_SUMMED, 0)
        for station in self._views.values():
            for lane in station["lanes"]:
                for name in _SUMMED:
                    totals[name] += lane[name]
        states = [station["state"] for station in self._views.values()]
        return totals | {
            "stations": len(states),
            "states": {state: states.count(state) for state in sorted(set(states))},
            "backlog": sum(station["backlog"] for station in self._views.values()),
            "at": self._now().astimezone(self._queries.zone).isoformat(timespec="seconds"),
        }
