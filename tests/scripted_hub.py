"""The district's pages over a real store that a test fills."""

import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hub_messages import received

from station.bootstrap.district import DistrictDesk
from station.bootstrap.orders import OrderDesk
from station.config import HubConfig, HubSection, WebSection
from station.hub.boards import Boards
from station.hub.database import Database, StoreFault
from station.hub.figures import DistrictFigures
from station.hub.incidents import Incidents
from station.hub.inspections import Inspections
from station.hub.level_days import LevelDays
from station.hub.metrics import Metrics
from station.hub.overview import Overview
from station.hub.passwords import Passwords
from station.hub.queries import GROUPINGS, Queries
from station.hub.sqlite import SqliteDatabase
from station.hub.store import Store
from station.reporting.level_day import level_report
from station.reporting.pdf import to_pdf
from station.reporting.xlsx import to_xlsx
from web_ui.district import DistrictServices
from web_ui.text import catalog

ZONE = ZoneInfo("Asia/Shanghai")
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Digests that are no good, in no time."""


class ScriptedOrderDesk(OrderDesk):
    """With a key that nobody believes."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        super().__init__(database, HubConfig(hub=HubSection(district="pingyuan")), now)
        self._key = Ed25519PrivateKey.generate()


class District:
    def __init__(self, where: Path | Database, now: Callable[[], datetime], *, anonymous_read: bool = True) -> None:
        self.closing = threading.Event()
        self.database = SqliteDatabase(where) if isinstance(where, Path) else where
        self.store = Store(self.database, ZONE)
        self.clock = 0.0
        self.lists: dict[str, int] = {}
        self.now = now
        self.queries = Queries(self.database, "pingyuan", ZONE, now)
        self.boards = Boards(self.database, ZONE, now)
        self.overview = Overview(self.queries, now, lambda: self.clock, lambda: self.lists)
        self.connected = True
        self.pages = DistrictDesk(self.database, WebSection(), Passwords(QUICK), now)
        self.orders, self.incidents = ScriptedOrderDesk(self.database, now), Incidents(self.database, ZONE, now)
        self.inspections = Inspections(self.database, ZONE, now)
        days = LevelDays(self.database, "pingyuan", ZONE, self.queries.sums)
        figures = DistrictFigures(self.overview.tree, "pingyuan", self.orders.questions.orders)
        metrics = Metrics(figures, lambda: self.connected)
        self.services = DistrictServices(
            district="pingyuan",
            zone=ZONE,
            anonymous_read=anonymous_read,
            secret_key=self.pages.secret,
            fault=StoreFault,
            groupings=GROUPINGS,
            sessions=self.pages.sessions,
            accounts=self.pages.accounts,
            tokens=self.pages.tokens,
            trail=self.pages.trail,
            tree=self.overview.tree,
            station=self.overview.tree.station,
            placed=self.overview.tree.placed,
            closed=self.closing.is_set,
            stations=lambda: [asdict(station) for station in self.queries.stations()],
            boards=lambda: [asdict(board) for board in self.boards.today()],
            lists=lambda: self.lists,
            counts=self.queries.counts,
            beside=self.queries.sums.beside,
            daily=lambda level, day, language, most: level_report(
                days.of(level, day), ZONE, now(), {**catalog(language), **catalog(f"report.{language}")}, language, most
            ),
            orders=self.orders,
            incidents=self.incidents,
            inspections=self.inspections,
            xlsx=to_xlsx,
            pdf=to_pdf,
            health=lambda: (self.connected, {"healthy": self.connected}),
            metrics=metrics.expose,
            now=now,
        )

    def say(self, message: Any, station: str, **envelope: bool) -> None:
        """Store what a station said and look at it."""
        self.store.apply([received(message, station, at=self.now(), **envelope)])
        self.overview.touch([station])
        self.clock += 1
        self.overview.look()

    def close(self) -> None:
        self.closing.set()
        self.database.close()
