"""The district's pages over a real store that a test fills."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hub_messages import received

from station.feed import Feed
from station.hub.boards import Boards
from station.hub.metrics import Metrics
from station.hub.overview import Overview
from station.hub.queries import GROUPINGS, Queries
from station.hub.store import SqliteStore
from web_ui.district import DistrictServices

ZONE = ZoneInfo("Asia/Shanghai")


class District:
    def __init__(self, folder: Path, now: Callable[[], datetime], *, anonymous_read: bool = True) -> None:
        self.feed, self.store = Feed(), SqliteStore(folder)
        self.clock = 0.0
        self.now = now
        self.queries = Queries(self.store.path, "pingyuan", ZONE, now)
        self.boards = Boards(self.store.path, ZONE, now)
        self.overview = Overview(self.queries, self.feed, now, lambda: self.clock)
        self.connected = True
        metrics = Metrics(self.queries.stations, lambda: self.connected)
        self.services = DistrictServices(
            district="pingyuan",
            zone=ZONE,
            anonymous_read=anonymous_read,
            groupings=GROUPINGS,
            changes=self.feed.changes,
            closed=lambda: self.feed.closed,
            stations=lambda: [asdict(station) for station in self.queries.stations()],
            boards=lambda: [asdict(board) for board in self.boards.today()],
            counts=self.queries.counts,
            health=lambda: (self.connected, {"healthy": self.connected}),
            metrics=metrics.expose,
            now=now,
        )

    def say(self, message: Any, station: str, **envelope: bool) -> None:
        """Store what a station said and publish it."""
        self.store.apply([received(message, station, at=self.now(), **envelope)])
        self.overview.touch([station])
        self.clock += 1
        self.overview.publish()

    def close(self) -> None:
        self.feed.close()
        self.store.close()
