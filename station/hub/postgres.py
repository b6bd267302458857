"""The hub's tables in PostgreSQL 15 or later, where several hubs write at once."""

import select
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow

from station.hub import postgres_months
from station.hub.database import StoreFault, StoreUnreadable, StoreUnwritable
from station.hub.postgres_connection import PostgresConnection, WholeNumbers
from station.hub.postgres_deadlines import Connector, Guard
from station.hub.postgres_schema import apply_to_postgres

MOST_CONNECTIONS = 8
WAIT_SECONDS = 10.0
_CONNECT_SECONDS = 5
_UNHEARD_MILLISECONDS = 10_000
_KEEPALIVES = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}  # a server whose packets vanish
# A hub that hangs may not hold up the others for ever.
LOCK_TIMEOUT = "10s"
_SESSION = f"-c lock_timeout={LOCK_TIMEOUT} -c idle_in_transaction_session_timeout=60s"
_POOLER = (
    "a connection pooler stands before it and drops what the hub asks of its session; give store.url the server itself,"
    " which takes the few connections that a hub makes"
)
# What is acknowledged is on disk, as it is on SQLite, whatever the server is set to.
_ON_DISK = "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'"
# What a server says that is away, full, busy or not meant for writing. Anything else is a mistake of ours.
_REFUSALS = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    errors.IdleInTransactionSessionTimeout,
    errors.InsufficientPrivilege,
    errors.ReadOnlySqlTransaction,
)

_LIMIT_EXCEEDED = "54"  # the class of states such as "index row size exceeds the maximum"

Raw = psycopg.Connection[DictRow]


class PostgresDatabase:
    """Connections are made when they are needed, kept for the next, and made anew after the server was away."""

    def __init__(self, url: str, password: str = "") -> None:
        """:raises StoreUnwritable: the server cannot be reached, or does not let this user make tables."""
        try:
            parts = conninfo_to_dict(url)
        except psycopg.ProgrammingError as error:
            raise StoreUnwritable(f"store.url: {str(error).strip()}; give postgresql://USER@HOST/DATABASE") from None
        self._conninfo = make_conninfo(
            url,
            password=password or parts.get("password"),
            options=f"{parts.get('options') or ''} {_SESSION}",
            connect_timeout=_CONNECT_SECONDS,
            tcp_user_timeout=_UNHEARD_MILLISECONDS,
            **_KEEPALIVES,
            application_name="checkpoint hub",
            client_encoding="UTF8",
        )
        self._name = f"PostgreSQL database {parts.get('dbname')} at {parts.get('host', 'this machine')}"
        self._connector, self._guard = Connector(self._conninfo), Guard()
        self._idle: deque[Raw] = deque()
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)
        try:
            with self._refusals_as(StoreUnwritable), self._lent() as raw:
                raw.isolation_level, raw.read_only = IsolationLevel.READ_COMMITTED, False
                self._check(raw)
                apply_to_postgres(raw)
        except StoreUnwritable:
            self.close()
            raise

    def _check(self, raw: Raw) -> None:
        """:raises StoreUnwritable: what is there is no place for the hub's tables; the message says what to do."""
        encoding = _shown(raw, "server_encoding")
        if encoding != "UTF8":
            raise StoreUnwritable(
                f"{self._name}: its encoding is {encoding}, which cannot hold every name; make another:"
                " createdb --encoding UTF8 --template template0 DATABASE"
            )
        if _shown(raw, "lock_timeout") != LOCK_TIMEOUT:
            raise StoreUnwritable(f"{self._name}: {_POOLER}")

    @contextmanager
    def transaction(self) -> Iterator[PostgresConnection]:
        with self._refusals_as(StoreUnwritable), self._lent() as raw:
            raw.isolation_level, raw.read_only = IsolationLevel.READ_COMMITTED, False
            with raw.transaction():
                yield PostgresConnection(raw)

    @contextmanager
    def reading(self) -> Iterator[PostgresConnection]:
        with self._refusals_as(StoreUnreadable), self._lent() as raw:
            raw.isolation_level, raw.read_only = IsolationLevel.REPEATABLE_READ, True
            with raw.transaction():
                yield PostgresConnection(raw)

    def make_months(self, months: Sequence[str], /) -> None:
        with self.transaction() as connection:
            postgres_months.make_months(connection, months)

    def forget_months(self, begin: str, end: str, /) -> None:
        with self.transaction() as connection:
            postgres_months.forget_months(connection, begin, end)

    def watch(self) -> None:
        self._guard.start()

    def close(self) -> None:
        self._guard.close()
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _lent(self) -> Iterator[Raw]:
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise psycopg.OperationalError(f"all {MOST_CONNECTIONS} connections of this hub are busy")
        try:
            raw = self._taken()
            try:
                with self._guard.watched(raw):
                    yield raw
            finally:
                if not raw.closed:
                    self._idle.append(raw)
        finally:
            self._places.release()

    def _taken(self) -> Raw:
        while self._idle:
            raw = self._idle.pop()
            if _is_quiet(raw):
                return raw
            raw.close()
        return self._connected()

    def _connected(self) -> Raw:
        raw = self._connector.connect()
        raw.adapters.register_loader("numeric", WholeNumbers)
        raw.execute(_ON_DISK)
        return raw

    @contextmanager
    def _refusals_as(self, fault: type[StoreFault]) -> Iterator[None]:
        try:
            yield
        except _REFUSALS as error:
            if (error.sqlstate or "").startswith(_LIMIT_EXCEEDED):
                raise  # what is written is too much, not the server too small
            said = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise fault(f"{self._name}: {said}; {_remedy(error)}") from error


def _is_quiet(raw: Raw) -> bool:
    """Nothing came on it while it lay idle: a server that ends says so, and then the connection is of no more use."""
    waiting = select.poll()
    waiting.register(raw.fileno(), select.POLLIN)
    return not waiting.poll(0)


def _shown(raw: Raw, setting: str) -> str:
    row = raw.execute("select current_setting(%s) as value", (setting,)).fetchone()
    return str(row["value"]) if row else ""


def _remedy(error: psycopg.Error) -> str:
    match error:
        case _ if "startup parameter" in str(error):
            return _POOLER
        case errors.DiskFull():
            return "make room on the server's disk"
        case errors.ReadOnlySqlTransaction():
            return "give store.url the server that takes writes"
        case errors.InsufficientPrivilege():
            return "let the hub's user own its database"
        case _:
            return "see that PostgreSQL runs, and that store.url and store.password_file are right"
