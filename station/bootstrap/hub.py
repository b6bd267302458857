"""The district's machine, wired from its configuration."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from station import config as cfg
from station.bootstrap.driver import DriverDesk
from station.bootstrap.signing import signing_key
from station.bootstrap.version import SOFTWARE
from station.feed import Feed
from station.hub.boards import Boards
from station.hub.collector import Collector
from station.hub.connection import Connection
from station.hub.inbox import Inbox
from station.hub.list_files import ListFiles
from station.hub.list_publisher import ListPublisher
from station.hub.list_wire import ListWire
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
        self.boards = Boards(self._store.path, self.zone, _now)
        self.driver = self._driver_desk() if config.driver.listen else None
        self.metrics = Metrics(self.queries.stations, lambda: self._connection.link.connected)
        overview = Overview(self.queries, self.feed, _now)
        self._collector = Collector(district, inbox, self._connection, self._store, overview, self.metrics)
        self._list_wire = ListWire(config.broker, district, f"hub-{district}-lists")
        self._lists = ListPublisher(ListFiles(Path(config.hub.data_dir), district), self._list_wire, district)

    def start(self) -> None:
        self.workers.start("collector", self._collector.step)
        if self.driver is not None:
            self.workers.start("driver desk", self.driver.step)
        self.workers.start("lists", self._lists.step)

    def _driver_desk(self) -> DriverDesk:
        """:raises SigningKeyError: the key cannot be used."""
        return DriverDesk(self.config, self._store, signing_key(self.config.signing), self.zone, _now)

    def health(self) -> tuple[bool, dict[str, object]]:
        """Well as a whole: connected, the store takes what comes, and the broker has the lists."""
        link, stale = self._connection.link, self.workers.stale()
        store = self._collector.fault or self._store.fault()
        report: dict[str, object] = {
            "ok": link.connected and not store and not stale and not self._lists.fault,
            "broker": "connected" if link.connected else link.fault or "connecting",
            "store": store or "ok",
            "lists": self._lists.fault or "ok",
            "stale_threads": stale,
            "software": SOFTWARE,
        }
        return bool(report["ok"]), report

    def close(self) -> list[str]:
        """Stop in reverse. :return: workers that did not end in time."""
        self.feed.close()
        hanging = self.workers.stop()
        if self.driver is not None:
            self.driver.counts.flush()
        self._connection.close()
        self._list_wire.close()
        self._store.close()
        return hanging


def _now() -> datetime:
    return datetime.now(UTC)
