"""Questions to the ledger on a connection of their own, so that they never hold up the lanes' writing."""

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from station.ledger.store import Ledger

T = TypeVar("T")


class LedgerReader:
    """Thread-safe. While the file cannot be read an empty ledger answers, and the ledger's fault says so."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._generation = -1

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """What a question comes to. One that the file does not answer is put again, to an empty ledger."""
        with self._lock:
            try:
                return question(self._current())
            except sqlite3.Error as error:
                if not self._ledger.note_error(error, self._generation):
                    raise
            return question(self._current())

    def all(self, sql: str, values: Sequence[str | int] | Mapping[str, str | int] = ()) -> list[sqlite3.Row]:
        return self.ask(lambda connection: connection.execute(sql, values).fetchall())

    def one(self, sql: str, values: Sequence[str | int] | Mapping[str, str | int] = ()) -> sqlite3.Row | None:
        def first(connection: sqlite3.Connection) -> sqlite3.Row | None:
            record: sqlite3.Row | None = connection.execute(sql, values).fetchone()
            return record

        return self.ask(first)

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _current(self) -> sqlite3.Connection:
        if self._connection is None or self._generation != self._ledger.generation:
            if self._connection is not None:
                self._connection.close()
            self._generation, self._connection = self._ledger.connect()
        return self._connection
