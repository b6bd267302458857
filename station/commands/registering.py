"""The hub's registry of boards, for the command that prints them."""

import os
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from station.bootstrap.database import SQLITE, open_database
from station.clock import utc_now
from station.commands import CommandError
from station.config import HubConfig, load_hub
from station.domain.boards import FIRST_SERIAL, Board
from station.hub.boards import Boards, register
from station.hub.database import Database, StoreUnwritable
from station.hub.sqlite import FILE_NAME


class Registry:
    """Opened beside a running hub or without one; the drivers' page knows what is registered at once."""

    def __init__(self, file: Path) -> None:
        """:raises CommandError: the hub's database cannot be written."""
        config = load_hub(file)
        self._file = file
        self._database = _opened(file, config)
        self.address = config.driver.url.rstrip("/")
        boards = Boards(self._database, ZoneInfo(config.hub.timezone), utc_now)
        self.known = frozenset(row.number for row in boards.today())

    @property
    def next_serial(self) -> int:
        """One more than the highest; a board's number is its serial and a check digit."""
        return max((int(number[:-1]) + 1 for number in self.known), default=FIRST_SERIAL)

    def register(self, boards: Iterable[Board]) -> None:
        """:raises CommandError: none of them is registered."""
        try:
            register(self._database, boards)
        except StoreUnwritable as error:
            raise CommandError(f"{self._file}: boards are printed but not registered: {error}; print again") from None
        finally:
            self._database.close()


def _opened(file: Path, config: HubConfig) -> Database:
    if config.store.url == SQLITE:
        _check_writable(file, Path(config.hub.data_dir))
    try:
        return open_database(config)
    except (StoreUnwritable, OSError) as error:
        raise CommandError(f"{file}: {error}") from None


def _check_writable(file: Path, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{file}: hub.data_dir: {folder}: {error.strerror}; register on the hub's machine") from None
    for path in (folder, *folder.glob(f"{FILE_NAME}*")):
        if not os.access(path, os.W_OK):
            raise CommandError(f"{file}: hub.data_dir: {path} is not this user's to write; register as the hub's user")
