"""Deadlines of a hub's PostgreSQL connections, which the client library has none of: name resolution, and a server that
took a statement and then says nothing more."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg.rows import DictRow, dict_row

from station.background import BackgroundCall, CallOverdue

CONNECT_TIMEOUT_S = 8.0  # of one connect, its name included; 5 s of it for each address
TRANSACTION_TIMEOUT_S = 120.0
CHECK_INTERVAL_S = 1.0

Raw = psycopg.Connection[DictRow]


class Connector:
    """Connects on other threads. While one attempt has not returned after its time, no other begins: so many threads at
    most as callers at once."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._lock = threading.Lock()
        self._overdue: BackgroundCall[Raw] | None = None

    def connect(self) -> Raw:
        """:raises psycopg.OperationalError: the server cannot be reached, or not in time."""
        with self._lock:
            if self._overdue is not None and self._overdue.running:
                raise psycopg.OperationalError("no answer from the name servers or the server; still waiting for it")
            self._overdue = None
        call: BackgroundCall[Raw] = BackgroundCall("store connect", _close)
        try:
            return call.run(self._connected, CONNECT_TIMEOUT_S)
        except CallOverdue as overdue:
            with self._lock:
                self._overdue = call
            raise psycopg.OperationalError(f"{overdue} from the name servers or the server") from overdue

    def _connected(self) -> Raw:
        return psycopg.connect(self._conninfo, autocommit=True, row_factory=dict_row)


class Guard:
    """Hangs up on a server that keeps a transaction waiting for too long; whoever waits then sees the connection lost.
    Nothing is hung up on before ``start``: preparing the tables takes as long as it takes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lent: dict[Raw, float] = {}
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._watch, name="store deadlines", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join(2 * CHECK_INTERVAL_S)

    @contextmanager
    def watched(self, raw: Raw) -> Iterator[None]:
        """While it is lent to one transaction."""
        with self._lock:
            self._lent[raw] = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                del self._lent[raw]

    def _watch(self) -> None:
        while not self._ended.wait(CHECK_INTERVAL_S):
            self.hang_up()

    def hang_up(self) -> None:
        """On those that have waited for too long."""
        due = time.monotonic() - TRANSACTION_TIMEOUT_S
        with self._lock:
            for raw, since in self._lent.items():
                if since < due:
                    _shut_down(raw)


def _shut_down(raw: Raw) -> None:
    """The socket and not the connection, which is its transaction's thread's."""
    with suppress(psycopg.Error, OSError), socket.socket(fileno=os.dup(raw.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


def _close(raw: Raw) -> None:
    raw.close()
