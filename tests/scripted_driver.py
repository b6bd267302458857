"""The drivers' page over a real registry, a real key and a clock that a test moves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from made import KEY

from station.bootstrap.driver import DriverDesk
from station.config import DriverSection, HubConfig, HubSection
from station.domain.boards import Board, BoardKind, board_number
from station.hub.boards import register
from station.hub.database import Database
from station.hub.sqlite import SqliteDatabase
from web_ui.driver import DriverServices

ZONE = ZoneInfo("Asia/Shanghai")
ROAD = Board(board_number(1001), BoardKind.ROAD, "g107-bridge-north", "1", "107国道北侧 200 米")
BUS = Board(board_number(1002), BoardKind.BUS, plate="豫G51234", seats=40)
BARE_BUS = Board(board_number(1003), BoardKind.BUS)


class Desk:
    """``services`` is what the page gets; ``now`` moves by hand."""

    def __init__(
        self, where: Path | Database, key: Ed25519PrivateKey = KEY, now: Callable[[], datetime] | None = None
    ) -> None:
        self.at = datetime(2026, 3, 2, 12, 0, tzinfo=ZONE)
        self.database = SqliteDatabase(where) if isinstance(where, Path) else where
        config = HubConfig(hub=HubSection(district="pingyuan"), driver=DriverSection(hours=6))
        self.desk = DriverDesk(config, self.database, key, ZONE, now or (lambda: self.at))
        register(self.database, [ROAD, BUS, BARE_BUS])
        self.services = DriverServices(
            zone=ZONE,
            secure=False,
            board=self.desk.boards.find,
            scanned=self.desk.counts.scanned,
            declare=self.desk.declare,
            open=self.desk.passes.open,
            start_trip=self.desk.trips.start,
            under_way=self.desk.trips.under_way,
            join=self.desk.join,
            trip=self.desk.trips.seen_by_driver,
            end_trip=self.desk.trips.end,
            manifest=self.desk.passes.manifest,
            well=lambda: True,
            now=now or (lambda: self.at),
        )

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)

    def counts(self, board: Board) -> tuple[int, int]:
        """Scans and declarations of today, once written."""
        self.desk.counts.flush()
        (row,) = (row for row in self.desk.boards.today() if row.number == board.number)
        return row.scans, row.declarations

    def close(self) -> None:
        self.database.close()
