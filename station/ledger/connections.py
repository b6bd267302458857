"""Connections to the ledger's file, and to an empty ledger in memory that stands in while the file cannot be read."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from station.ledger.schema import migrations

# What SQLite says of a file that is damaged, and of a question that is wrong in itself.
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_MISTAKES = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_RANGE})
_NOT_TEXT = "Could not decode to UTF-8"


def connect_to_write(path: Path) -> sqlite3.Connection:
    """WAL with a sync at every commit: what is committed survives a power cut (sqlite.org/pragma.html)."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """:param immutable: nobody writes the file and no log belongs to it, as on a disk that is read-only.

    :raises sqlite3.OperationalError: there is no such file.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if immutable else ''}",
        uri=True,
        isolation_level=None,
        timeout=5.0,
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    return connection


def connect_to_nothing(epoch: int) -> sqlite3.Connection:
    """An empty ledger in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    migrations.apply(Database(connection))
    begin_ledger(connection, epoch)
    return connection


def begin_ledger(connection: sqlite3.Connection, epoch: int) -> None:
    """Give a ledger its epoch, unless it has one."""
    connection.execute(
        "INSERT OR IGNORE INTO meta VALUES ('epoch', ?), ('conn', 0), ('acked', 0), ('events_acked', 0)", (epoch,)
    )


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault, and not the disk, the rights, or the question."""
    return _code(error) in _DAMAGE or str(error).startswith(_NOT_TEXT)


def is_mistake(error: sqlite3.Error) -> bool:
    """Whether the question is at fault: a defect of the program, or a table that another version made."""
    return not isinstance(error, sqlite3.DatabaseError) or (_code(error) in _MISTAKES and not is_damage(error))


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
