"""What the district's page shows, published as it changes: calm enough to read, at most twice a second."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from station.feed import Feed
from station.hub.live_tree import LiveTree
from station.hub.queries import Queries
from station.hub.roster import StationRow

PUBLISH_SECONDS = 0.5
ALL_AGAIN_SECONDS = 10.0  # silence is no message: what went stale, and the next day, are found by looking
TITLES_SECONDS = 30.0  # the registry changes seldom
AT_ONCE = 250  # stations looked at between two batches: with 7,000 of them no message waits for the page
REST = 4  # times as long as a look took is none; so the page takes a fifth of the collector's time at the most


class Overview:
    """Feed topics: "station/<id>" for each station, "level/<path>" for each level. Times are the hub's time zone's.

    A round shows every station that was touched, some at each call of ``publish``, and ends with the levels above them;
    in a long round these are told on the way too.
    """

    def __init__(
        self,
        queries: Queries,
        feed: Feed,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
        lists: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        """:param lists: the newest version of each signed list, to tell which stations hold older ones."""
        self._queries = queries
        self._feed = feed
        self._now = now
        self._clock = clock
        self._looked = dict.fromkeys(queries.names(), -ALL_AGAIN_SECONDS)
        self.tree = LiveTree(queries.district, lambda: now().astimezone(queries.zone), lists)
        self._titled = -TITLES_SECONDS
        self._touched: set[str] = set()
        self._due: list[str] = []
        self._begun = self._told = self._rested = -ALL_AGAIN_SECONDS

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
        if not self._due or now - self._told >= PUBLISH_SECONDS:
            for level in self.tree.changed():
                self._feed.publish(f"level/{level['path']}", level)
            self._told = now
        over = self._clock()
        self._rested = over + REST * (over - now)

    def _begin(self, now: float) -> bool:
        """Gather what the next round shows. False while there is nothing to show, or the last one began just now."""
        if now - self._begun < PUBLISH_SECONDS:
            return False
        if now - self._titled >= TITLES_SECONDS:
            self.tree.title(self._queries.levels())
            self._titled = now
        old = [station for station, at in self._looked.items() if now - at >= ALL_AGAIN_SECONDS]
        self._due = [*set(old).difference(self._touched), *self._touched]  # what changed is looked at first
        self._touched = set()
        self._begun = self._told = now
        return bool(self._due)

    def _show(self, stations: list[str], now: float) -> None:
        lanes = self._queries.lanes_today(stations)
        for station in self._queries.stations(stations):
            self._looked[station.id] = now
            shown = lanes.get(station.id, [])
            self._feed.publish(f"station/{station.id}", self.tree.put({**_members(station), "lanes": shown}))


def _members(station: StationRow) -> dict[str, Any]:
    return {name: getattr(station, name) for name in StationRow.__slots__}
