"""Which rows of a ledger count in which epoch.

No two copies of a ledger may count in one epoch: the hub holds one total for each key of an epoch, and of two
statements about a key it keeps one. So a ledger that finds itself on another machine, or in another file than before,
begins an epoch of its own with the next row. Rows before it stay in the epoch they were written in, in every copy the
same.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from secrets import randbits

EPOCH_BITS = 63  # 64-bit, and SQLite's integers are signed

_EPOCHS = """
SELECT epoch, from_seq, lead(from_seq) OVER (ORDER BY number) - 1 AS through_seq,
  (SELECT coalesce(max(segment), 0) FROM segments
    WHERE segments.through_seq < epochs.from_seq AND epochs.from_seq > 1) AS base
FROM epochs ORDER BY number
"""
_FIRST = "SELECT value FROM meta WHERE key = 'epoch'"
_BEGIN = "INSERT INTO epochs (epoch, from_seq, home) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Epoch:
    """Rows from ``from_seq`` on; through ``through_seq``, or if that is None through all that are yet to come. To the
    hub its segments are numbered from 1: by their numbers in the ledger less ``base``."""

    epoch: int
    from_seq: int
    through_seq: int | None
    base: int


@dataclass(frozen=True, slots=True)
class Span:
    """The first row of an epoch, and its last one or the ledger's."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Home:
    """Where a ledger is: the machine, and the number of the file (inode), for a copy on the same disk is another file.
    Of an empty ``machine`` nothing is known."""

    machine: str
    file: str

    def differs(self, other: "Home") -> bool:
        another_machine = self.machine != other.machine and self.machine != "" and other.machine != ""
        return another_machine or self.file != other.file

    def __str__(self) -> str:
        return f"{self.machine} {self.file}"


def home_of(path: Path, machine: str) -> Home:
    return Home(machine, str(path.stat().st_ino))


def settle_epoch(connection: sqlite3.Connection, home: Home) -> bool:
    """Begin the first epoch, or one more if the ledger was at home elsewhere before. Call inside a transaction.

    :return: whether the ledger has come here from elsewhere.
    """
    last = connection.execute("SELECT number, home FROM epochs ORDER BY number DESC LIMIT 1").fetchone()
    if last is None:  # new, or from before there were homes
        first = connection.execute(_FIRST).fetchone()["value"]
        connection.execute(_BEGIN, (first, 1, str(home)))
        return False
    machine, _, file = last["home"].rpartition(" ")
    if not home.differs(Home(machine, file)):
        if home.machine:
            connection.execute("UPDATE epochs SET home = ? WHERE number = ?", (str(home), last["number"]))
        return False
    head = connection.execute("SELECT coalesce(max(seq), 0) AS head FROM ledger").fetchone()["head"]
    begin_epoch(connection, head + 1, home)
    return True


def begin_epoch(connection: sqlite3.Connection, from_seq: int, home: Home) -> None:
    connection.execute(_BEGIN, (randbits(EPOCH_BITS), from_seq, str(home)))


def read_epochs(connection: sqlite3.Connection) -> list[Epoch]:
    """First to last; the last is the one that goes on. One alone where none are written down: a ledger in memory, or
    one from before there were several on a disk that takes no writes."""
    try:
        found = [Epoch(*record) for record in connection.execute(_EPOCHS)]
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        found = []
    return found or [Epoch(int(connection.execute(_FIRST).fetchone()["value"]), 1, None, 0)]


def epoch_of(epochs: list[Epoch], row: int) -> Epoch:
    """The epoch that a row counts in."""
    return next((epoch for epoch in reversed(epochs) if epoch.from_seq <= row), epochs[0])
