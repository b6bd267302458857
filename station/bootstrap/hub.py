"""The district's machine, wired from its configuration."""

import logging
import threading
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

from station import config as cfg
from station.bootstrap.database import open_database
from station.bootstrap.district import DistrictDesk
from station.bootstrap.driver import DriverDesk
from station.bootstrap.orders import OrderDesk
from station.bootstrap.signing import signing_key
from station.clock import utc_now
from station.devices.clock import SystemClock
from station.hub.boards import Boards
from station.hub.collector import Collector
from station.hub.connection import Connection
from station.hub.crossing_days import CrossingDays
from station.hub.dead_letters import DeadLetters
from station.hub.figures import DistrictFigures
from station.hub.home_assistant_publisher import HomeAssistantPublisher
from station.hub.inbox import Inbox
from station.hub.incidents import Incidents
from station.hub.inspections import Inspections
from station.hub.level_days import LevelDays
from station.hub.list_files import ListFiles
from station.hub.list_publisher import ListPublisher
from station.hub.list_wire import ListWire
from station.hub.local_hours import LocalHours
from station.hub.metrics import Metrics
from station.hub.old_records import KeepDays, OldRecords
from station.hub.order_publisher import OrderPublisher
from station.hub.overview import Overview
from station.hub.passwords import Passwords
from station.hub.queries import Queries
from station.hub.refusals import Refusals
from station.hub.retention import RetentionClock
from station.hub.store import Store
from station.hub.summaries import Summaries
from station.hub.upkeep import Upkeep
from station.passes.keys import SigningKeyError
from station.passes.roles import KeyUse
from station.runtime import MAINTENANCE_STALE_S, STORE_STALE_S, Workers
from station.version import SOFTWARE

log = logging.getLogger(__name__)

RETENTION_WAITS = "nothing is deleted by age until the clock has been right for a day of running; see docs/hub.md"


class Hub:
    """A whole hub: ``start``, look at it through ``queries``, ``overview``, ``metrics`` and ``health``, ``close``.
    ``closing`` is set when pages have to end their streams."""

    def __init__(self, config: cfg.HubConfig) -> None:
        district = config.hub.district
        self.config = config
        client_id = config.broker.client_id or f"hub-{district}"
        self.zone = ZoneInfo(config.hub.timezone)
        self.workers = Workers()
        self.closing = threading.Event()
        self._database = open_database(config)
        self._summaries = Summaries(self._database, LocalHours(self.zone))
        self._summaries.prepare()
        clock = SystemClock(always_trusted=config.hub.clock == "always")
        self._retention = RetentionClock(self._database, client_id, clock.now)
        until = self._retention.until
        self._upkeep = Upkeep(self._database, config.store.keep_months, utc_now, until)
        self._old_records = OldRecords(self._database, _days(config.store), until)
        self.queries = Queries(self._database, district, self.zone, utc_now)
        self.days = LevelDays(self._database, district, self.zone, self.queries.sums)
        self._crossing_days = CrossingDays(self._database, self.zone, until)
        self._connection = Connection(config.broker, district, client_id, inbox := Inbox())
        self.boards = Boards(self._database, self.zone, utc_now)
        self.pages = DistrictDesk(self._database, config.web, Passwords(), utc_now, until)
        self.driver_fault = ""
        """Why there is no drivers' page although ``driver.listen`` asks for one."""
        self.driver = self._driver_desk() if config.driver.listen else None
        self.orders = OrderDesk(self._database, config, utc_now)
        self.overview = Overview(self.queries, utc_now, lists=lambda: self.lists.versions)
        figures = DistrictFigures(self.overview.tree, district, self.orders.questions.orders)
        self.metrics = Metrics(figures, lambda: self._connection.link.connected)
        self._store = Store(self._database, self.zone, refusals=Refusals(self.metrics.bad))
        dead_letters = DeadLetters(self._database, self.metrics.set_aside)
        self._collector = Collector(
            district, inbox, self._connection, self._store, self.overview, self.metrics, dead_letters, utc_now
        )
        self._list_wire = ListWire(config.broker, district, f"{client_id}-lists")
        self.incidents = Incidents(self._database, self.zone, utc_now)
        self.inspections = Inspections(self._database, self.zone, utc_now)
        self._order_publisher = OrderPublisher(self.orders.book, self._list_wire, district, utc_now)
        self._home_assistant = HomeAssistantPublisher(
            config.home_assistant, district, self.queries.stations, self._list_wire, Path(config.hub.data_dir)
        )
        files = ListFiles(Path(config.hub.data_dir), district)
        self.lists = ListPublisher(files, self._list_wire, district, now=utc_now)

    def start(self) -> None:
        self._database.watch()
        self.workers.start("collector", self._collector.step, STORE_STALE_S)
        if self.driver is not None:
            self.workers.start("driver desk", self.driver.step, STORE_STALE_S)
        self.workers.start("lists and orders", self._publish, STORE_STALE_S)
        self.workers.start("summaries", self._summaries.step, STORE_STALE_S)
        self.workers.start("crossings of the day", self._crossing_days.step, MAINTENANCE_STALE_S)
        self.workers.start("upkeep", self._upkeep.step, MAINTENANCE_STALE_S)
        self.workers.start("old records", self._old_records.step, MAINTENANCE_STALE_S)
        self.workers.start("audit trail", self.pages.trail.step, STORE_STALE_S)

    def _publish(self) -> None:
        self.lists.step()
        self._order_publisher.step()
        self._home_assistant.step()

    def _driver_desk(self) -> DriverDesk | None:
        """None where the key that declarations are signed with is damaged: the hub counts all the same.

        :raises SigningKeyError: there is none where the configuration names one.
        """
        try:
            key = signing_key(self.config.signing, KeyUse.PASSES)
        except SigningKeyError as error:
            if not Path(self.config.signing.key).exists():
                raise
            self.driver_fault = f"signing.key: {error}"
            log.error("there is no drivers' page: %s", self.driver_fault)
            return None
        return DriverDesk(self.config, self._database, key, self.zone, utc_now, self._retention.until)

    def health(self) -> tuple[bool, dict[str, object]]:
        """Well as a whole: connected, the store takes what comes, and the broker has the lists."""
        link, stale = self._connection.link, self.workers.silent()
        store = self._collector.fault or self._store.fault(utc_now())
        report: dict[str, object] = {
            "ok": link.connected
            and not (store or stale or self.lists.fault or self._order_publisher.fault or self.driver_fault),
            "broker": "connected" if link.connected else link.fault or "connecting",
            "store": store or "ok",
            "lists": self.lists.fault or "ok",
            "orders": self._order_publisher.fault or "ok",
            "drivers_page": self.driver_fault or "ok",
            "order_key": self.orders.fault or "ok",
            "home_assistant": self._home_assistant.fault or "ok",
            "retention": "ok" if self._retention.until() else RETENTION_WAITS,
            "stale_threads": stale,
            "software": SOFTWARE,
        }
        return bool(report["ok"]), report

    def close(self) -> list[str]:
        """Stop in reverse; a part that cannot be closed keeps no other open.

        :return: workers that did not end in time.
        """
        self.closing.set()
        hanging = self.workers.stop()
        with ExitStack() as closing:  # from the last to the first
            for part in (self._database, self._list_wire, self._connection):
                closing.callback(part.close)
            closing.callback(self.pages.trail.flush)
            if self.driver is not None:
                closing.callback(self.driver.counts.flush)
        return hanging


def _days(store: cfg.StoreSection) -> KeepDays:
    return KeepDays(store.order_days, store.incident_days, store.inspection_days)
