"""What the hub knows, on disk. ``Store`` is what the collector needs of it; SQLite is the one for a small machine."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, assert_never

from sqlite_utils import Database

from station.hub.received import Received, Reply, Unreadable
from station.hub.schema import migrations
from station.hub.segments import (
    Standing,
    apply_segment,
    reply_to,
    standings,
    store_tallies,
)
from station.hub.stations import (
    NEVER,
    apply_live,
    apply_state,
    count_unreadable,
    sign_of_life,
    store_seen,
    utc_text,
)
from station.messages import Live, Segment, State

SYNC_SECONDS = 5.0
PULSE_SECONDS = 10.0
FILE_NAME = "hub.sqlite3"


class StoreUnwritable(Exception):
    """The disk is full, read-only or broken: nothing of the batch is stored; it may be tried again."""


class Store(Protocol):
    """Where messages are kept. Any hub of a district may apply any message; replies come from what is stored."""

    def apply(self, batch: Sequence[Received]) -> list[Reply]:
        """Store a batch for good, whole or not at all.

        :return: what to publish now that it is stored.
        :raises StoreUnwritable: nothing of it is stored.
        """

    def fault(self) -> str:
        """Why nothing can be stored; empty when all is well."""

    def close(self) -> None: ...


class SqliteStore:
    """One connection writes, a transaction a batch; readers open the file for themselves and never wait for it."""

    def __init__(self, folder: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE_NAME
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._synced: dict[str, float] = {}
        self._pulse = -PULSE_SECONDS
        self._connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "cache_size = -65536"):
            self._connection.execute(f"pragma {pragma}")
        migrations.apply(Database(self._connection))

    def apply(self, batch: Sequence[Received]) -> list[Reply]:
        with self.transaction() as connection:
            standings = self._apply(connection, batch)
        return [reply for standing in standings for reply in self._replies(standing)]

    def _replies(self, standing: Standing) -> Iterator[Reply]:
        ack, sync = reply_to(standing)
        if ack is not None:
            yield Reply(standing.station, ack)
        if sync is not None and self._may_sync(standing.station):
            yield Reply(standing.station, sync)

    def _apply(self, connection: sqlite3.Connection, batch: Sequence[Received]) -> Iterable[Standing]:
        """Each message in the order it came; what many of them repeat is written once at the end."""
        segments: list[tuple[int, Segment]] = []
        seen: dict[str, datetime] = {}
        ledgers = {(one.station, one.message.epoch): None for one in batch if isinstance(one.message, Segment)}
        found = standings(connection, ledgers)
        for received in batch:
            seen[received.station] = max(sign_of_life(received), seen.get(received.station, NEVER))
            match received.message:
                case State() as state:
                    apply_state(connection, received, state)
                case Live() as live:
                    apply_live(connection, received, live)
                case Segment() as segment:
                    standing = found[received.station, segment.epoch]
                    apply_segment(connection, standing, segment)
                    segments.append((standing.id, segment))
                case Unreadable(error):
                    count_unreadable(connection, received, error)
                case _:
                    assert_never(received.message)
        store_tallies(connection, segments)
        store_seen(connection, seen)
        return found.values()

    def fault(self) -> str:
        if self._monotonic() - self._pulse < PULSE_SECONDS:
            return ""
        try:
            with self.transaction() as connection:
                connection.execute("insert or replace into pulse values (1, ?)", (utc_text(datetime.now(UTC)),))
        except StoreUnwritable as error:
            return str(error)
        return ""

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _may_sync(self, station: str) -> bool:
        """The station offers again by itself too; asking for it at every early segment would drown it."""
        now = self._monotonic()
        if now - self._synced.get(station, -SYNC_SECONDS) < SYNC_SECONDS:
            return False
        self._synced[station] = now
        return True

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection that writes, for what the hub keeps beside the stations' messages.

        :raises StoreUnwritable: nothing of it is stored.
        """
        with self._lock:
            try:
                self._connection.execute("begin immediate")
                yield self._connection
                self._connection.execute("commit")
            except sqlite3.OperationalError as error:
                self._roll_back()
                self._pulse = -PULSE_SECONDS
                raise StoreUnwritable(f"{self.path}: {error}; make room on the disk and check its rights") from error
            except BaseException:
                self._roll_back()
                raise
            self._pulse = self._monotonic()

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback")
