"""The hub's tables in one SQLite file: one connection writes, readers open the file for themselves."""

import json
import sqlite3
import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from station.hub.database import Change, Merge, StoreFault, StoreUnreadable, StoreUnwritable
from station.hub.schema import apply_to_sqlite

FILE_NAME = "hub.sqlite3"
_PRAGMAS = ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "cache_size = -65536")

_FORGET = """
delete from tallies where epoch_id = :ledger and minute >= :begin and minute < :end
  and not exists (select 1 from stale_hours where epoch_id = :ledger and hour < :end)
"""
_OF_THE_DISK = {
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_AUTH),
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_INTERRUPT),
}
"""Results (https://sqlite.org/rescode.html) that have nothing to do with what is written. An extended one has such a
result in its lowest byte."""


class SqliteConnection(sqlite3.Connection):
    """sqlite3's own, which takes ``:name`` parameters and gives rows by name, with what the two stores differ in."""

    for_update = ""

    def tuples(self, sql: str, values: Mapping[str, Any], /) -> Iterable[tuple[Any, ...]]:
        cursor = self.cursor()
        cursor.row_factory = None
        return cursor.execute(sql, values)

    def merge(self, into: Merge, rows: Iterable[tuple[Any, ...]], /) -> None:
        self.executemany(upsert(into), rows)

    def change(self, what: Change, rows: Sequence[tuple[Any, ...]], /) -> None:
        values = ", ".join(f"{column} = ?" for column in what.values)
        self.executemany(f"update {what.table} set {values} where {what.key} = ?", rows)

    def among(self, column: str, name: str, /) -> str:
        return f"{column} in (select value from json_each(:{name}))"

    def array(self, values: Collection[str] | Collection[int], /) -> str:
        return json.dumps(list(values))


def upsert(into: Merge) -> str:
    places = ", ".join("?" for _ in into.columns)
    return f"insert into {into.table} ({', '.join(into.columns)}) values ({places}) {into.on_conflict}"


class SqliteFile:
    """Somebody's hub.sqlite3, to be read and left as it is; the hub may be running."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[SqliteConnection]:
        with closing(self._open_to_read()) as connection:
            connection.execute("begin")
            yield connection

    def _open_to_read(self) -> SqliteConnection:
        address = f"{self.path.absolute().as_uri()}?mode=ro"
        return _connect(address, uri=True, isolation_level=None, check_same_thread=False)


class SqliteDatabase(SqliteFile):
    """A transaction at a time; readers never wait for it."""

    def __init__(self, folder: Path) -> None:
        """:raises StoreUnwritable: the disk does not take even that."""
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder / FILE_NAME)
        self._lock = threading.Lock()
        self._idle: deque[SqliteConnection] = deque()
        with self._told():
            self._connection = _connect(str(self.path), isolation_level=None, check_same_thread=False)
            try:
                for pragma in _PRAGMAS:
                    self._connection.execute(f"pragma {pragma}")
                apply_to_sqlite(self._connection)
            except BaseException:
                self._connection.close()
                raise

    @contextmanager
    def reading(self) -> Iterator[SqliteConnection]:
        """On a connection that others have read on before: to open one costs as much as reading fifty stations.

        :raises StoreUnreadable: the disk, or the file, does not answer.
        """
        with self._told(StoreUnreadable):
            try:
                connection = self._idle.pop()
            except IndexError:  # all are in use
                connection = self._open_to_read()
            try:
                connection.execute("begin")
                yield connection
                connection.execute("rollback")
            except BaseException:
                connection.close()
                raise
        self._idle.append(connection)

    @contextmanager
    def transaction(self) -> Iterator[SqliteConnection]:
        with self._lock, self._told():
            try:
                self._connection.execute("begin immediate")
                yield self._connection
                self._connection.execute("commit")
            except BaseException:
                self._roll_back()
                raise

    def make_months(self, months: Sequence[str], /) -> None:
        """Tallies lie by ledger and minute here: a month needs no place of its own."""

    def forget_months(self, begin: str, end: str, /) -> None:
        """A ledger at a time, so that nobody waits long. The file keeps its size; what is freed is used again."""
        with self.reading() as connection:
            ledgers = [row["id"] for row in connection.execute("select id from epochs")]
        for ledger in ledgers:
            with self.transaction() as connection:
                connection.execute(_FORGET, {"ledger": ledger, "begin": begin, "end": end})

    def watch(self) -> None:
        """There is no server."""

    def close(self) -> None:
        with self._lock:
            self._connection.close()
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _told(self, fault: type[StoreFault] = StoreUnwritable) -> Iterator[None]:
        """What SQLite says of the disk, with the file and the remedy. What it says of a statement is no fault of the
        disk's: a number it cannot hold, for one, would be tried again for ever."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if not _is_of_the_disk(error):
                raise
            raise fault(f"{self.path}: {error}; {_remedy(error)}") from error

    def _roll_back(self) -> None:
        with suppress(sqlite3.DatabaseError):  # of a file that is damaged
            if self._connection.in_transaction:
                self._connection.execute("rollback")


def _remedy(error: sqlite3.DatabaseError) -> str:
    """Stations offer again what a hub that was put back to a backup lacks."""
    if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return (
            "it is damaged: stop the hub, move the file with its -wal and -shm elsewhere, put the newest backup of"
            " 'station hub backup' in its place, and start the hub"
        )
    return "make room on the disk and check its rights"


def _is_of_the_disk(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _OF_THE_DISK


def _connect(path: str, **options: Any) -> SqliteConnection:
    connection = sqlite3.connect(path, factory=SqliteConnection, **options)
    connection.row_factory = sqlite3.Row
    return connection
