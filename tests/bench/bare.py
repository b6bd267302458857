"""What one would write without a station: an insert and a signature check, and nothing around them."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import base45
import cbor2

Row = tuple[Any, ...]


class BareTable:
    """A table of the ledger's columns with the ledger's pragmas; no index, no chain, no trigger."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(
            f"CREATE TABLE rows ({', '.join((f'{columns[0]} INTEGER PRIMARY KEY', *columns[1:]))})"
        )
        self._insert = f"INSERT INTO rows VALUES ({', '.join('?' * len(columns))})"

    def insert(self, row: Row) -> None:
        """One row, one commit."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(self._insert, row)
        self._connection.execute("COMMIT")

    def insert_all(self, rows: Sequence[Row]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(self._insert, rows)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


def ledger_rows(path: Path) -> tuple[list[str], list[Row]]:
    """The columns of a ledger's table and every row of it, as the ledger itself wrote them."""
    connection = sqlite3.connect(path)
    try:
        found = connection.execute("SELECT * FROM ledger ORDER BY seq")
        return [column[0] for column in found.description], found.fetchall()
    finally:
        connection.close()


def signed_part(text: str) -> tuple[bytes, bytes]:
    """The signature of a ``CP1:`` text and the bytes it signs (RFC 9052, section 4.4)."""
    protected, _, claims, signature = cbor2.loads(base45.b45decode(text.removeprefix("CP1:"))).value
    return signature, cbor2.dumps(["Signature1", protected, b"", claims])
