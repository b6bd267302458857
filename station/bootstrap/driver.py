"""What the drivers' page needs of the hub, wired from its configuration."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.config import HubConfig
from station.domain.boards import Board
from station.domain.declaration import Declaration
from station.domain.retention import never
from station.hub.board_counts import BoardCounts
from station.hub.boards import Boards
from station.hub.database import Database
from station.hub.declaring import Declaring
from station.hub.trips import Trips


class DriverDesk:
    """The hub's side of the drivers' page: which boards hang, what is signed, which buses are on their way."""

    def __init__(
        self,
        config: HubConfig,
        database: Database,
        key: Ed25519PrivateKey,
        zone: ZoneInfo,
        now: Callable[[], datetime],
        until: Callable[[], datetime | None] = never,
    ) -> None:
        lasts = timedelta(hours=config.driver.hours)
        self.boards = Boards(database, zone, now)
        self.counts = BoardCounts(database, zone, now, until)
        self.passes = Declaring(key, config.hub.district, lasts, now)
        self.trips = Trips(database, lasts, now)

    def step(self) -> None:
        """Write down what was counted, forget what is over."""
        self.counts.step()
        self.trips.sweep()

    def declare(self, board: Board, said: Declaration) -> str:
        """:return: the new pass's reference."""
        reference = self.passes.declare(said)
        self.counts.declared(board.number)
        return reference

    def join(self, board: Board, phone: str, said: Declaration) -> None:
        """A passenger's declaration. :raises TripRefused: see ``Trips.declare``."""
        self.trips.declare(board, phone, said)
        self.counts.declared(board.number)
