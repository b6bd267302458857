"""The district's machine, wired from its configuration."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from station import config as cfg
from station.bootstrap.version import SOFTWARE
from station.feed import Feed
from station.hub.collector import Collector
from station.hub.connection import Connection
from station.hub.inbox import Inbox
from station.hub.metrics import Metrics
from station.hub.overview import Overview
from station.hub.queries import Queries
from station.hub.store import SqliteStore
from station.runtime import Workers


class Hub:
    """A whole hub: ``start``, look at it through ``queries``, ``feed``, ``metrics`` and ``health``, ``close``."""

    def __init__(self, config: cfg.HubConfig) -> None:
        district = config.hub.district
        self.config = config
        self.zone = ZoneInfo(config.hub.timezone)
        self.feed = Feed()
        self.workers = Workers()
        self._store = SqliteStore(Path(config.hub.data_dir))
        self.queries = Queries(self._store.path, district, self.zone, _now)
        self._connection = Connection(config.broker, district, f"hub-{district}", inbox := Inbox())
        self.metrics = Metrics(self.queries.stations, lambda: self._connection.link.connected)
        overview = Overview(self.queries, self.feed, _now)
        self._collector = Collector(district, inbox, self._connection, self._store, overview, self.metrics)

    def start(self) -> None:
        self.workers.start("collector", self._collector.step)

    def health(self) -> tuple[bool, dict[str, object]]:
        """Well as a whole: connected, and the store takes what comes."""
        link, stale = self._connection.link, self.workers.stale()
        store = self._collector.fault or self._store.fault()
        report: dict[str, object] = {
            "ok": link.connected and not store and not stale,
            "broker": "connected" if link.connected else link.fault or "connecting",
            "store": store or "ok",
            "stale_threads": stale,
            "software": SOFTWARE,
        }
        return bool(report["ok"]), report

    def close(self) -> list[str]:
        """Stop in reverse. :return: workers that did not end in time."""
        self.feed.close()
        hanging = self.workers.stop()
        self._connection.close()
        self._store.close()
        return hanging


def _now() -> datetime:
    return datetime.now(UTC)
