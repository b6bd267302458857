"""What the district's pages show, looked up in the store as it changes: at most twice a second."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from station.hub.database import StoreFault
from station.hub.halving import do_by_halves
from station.hub.live_tree import LiveTree
from station.hub.queries import Queries
from station.hub.refusals import printable
from station.hub.roster import StationRow, unknown_station

log = logging.getLogger(__name__)

ROUND_SECONDS = 0.5
ALL_AGAIN_SECONDS = 10.0  # silence is no message: what went stale, and the next day, are found by looking
TITLES_SECONDS = 30.0  # the registry changes seldom
AT_ONCE = 250  # stations looked at between two batches: with 7,000 of them no message waits for the pages
REST = 4  # times as long as a look took is none; so pages take a fifth of the collector's time at the most

_members_of = attrgetter(*StationRow.__slots__)


class Overview:
    """``tree`` is what pages show. Stations that were touched are looked at in the order they were, those that were not
    for long when there is time; some at each call of ``look``."""

    def __init__(
        self,
        queries: Queries,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
        lists: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        """:param lists: the newest version of each signed list, to tell which stations hold older ones."""
        self._queries = queries
        self._clock = clock
        self._looked = dict.fromkeys(queries.names(), -ALL_AGAIN_SECONDS)
        self.tree = LiveTree(queries.district, lambda: now().astimezone(queries.zone), lists)
        self._titled = -TITLES_SECONDS
        self._touched: dict[str, None] = {}
        self._due: dict[str, None] = {}
        self._old: dict[str, None] = {}
        self._broken: dict[str, str] = {}
        self._begun = self._rested = -ALL_AGAIN_SECONDS

    def touch(self, stations: Iterable[str]) -> None:
        """Something new is stored of these."""
        self._touched |= dict.fromkeys(stations)

    def look(self) -> None:
        """Look at some of what changed, unless that was done a moment ago."""
        now = self._clock()
        if now < self._rested:
            return
        if now - self._begun >= ROUND_SECONDS:
            self._begin(now)
        some = list(islice(chain(self._due, self._old), AT_ONCE))
        if not some:
            return
        self._put(some, now)
        for station in some:
            self._due.pop(station, None)
            self._old.pop(station, None)
        over = self._clock()
        self._rested = over + REST * (over - now)

    def _begin(self, now: float) -> None:
        """Gather what there is to look at: a station that is touched again before its turn is looked at once."""
        if now - self._titled >= TITLES_SECONDS:
            self.tree.title(self._queries.levels())
            self._titled = now
        self._due |= self._touched
        self._touched = {}
        old = (station for station, at in self._looked.items() if now - at >= ALL_AGAIN_SECONDS)
        self._old = dict.fromkeys(station for station in old if station not in self._due)
        self._begun = now

    def _put(self, stations: Sequence[str], now: float) -> None:
        """One that cannot be looked at is shown as that; the others are."""
        self._looked |= dict.fromkeys(stations, now)
        do_by_halves(stations, self._put_some, self._put_broken, StoreFault)

    def _put_some(self, stations: Sequence[str]) -> None:
        """Those of which nothing is known any more were forgotten."""
        lanes = self._queries.lanes_today(stations)
        found = self._queries.stations(stations)
        for gone in set(stations) - {station.id for station in found}:
            self._looked.pop(gone, None)
            self.tree.remove(gone)
        for station in found:
            self.tree.put({**_members(station), "lanes": lanes.get(station.id, [])})

    def _put_broken(self, station: str, error: Exception) -> None:
        reason = printable(f"{type(error).__name__}: {error}")
        letter = {"topic": "overview", "messages": 1, "reason": reason, "first_at": "", "last_at": ""}
        self.tree.put({**_members(unknown_station(station, self._queries.district, letter)), "lanes": []})
        if self._broken.get(station) != reason:
            self._broken[station] = reason
            log.error("station %s cannot be shown: %s", station, reason)


def _members(station: StationRow) -> dict[str, Any]:
    return dict(zip(StationRow.__slots__, _members_of(station), strict=True))
