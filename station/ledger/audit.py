"""The hash chain walked from the first row, and the ledger written out for others."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from station.domain.passage import Personal
from station.domain.spreadsheets import write_csv_rows
from station.ledger.connections import connect_to_read
from station.ledger.rows import COLUMNS, GENESIS, chain
from station.ledger.seal import Sealer


class LedgerMissing(FileNotFoundError):
    """There is no ledger where one was named; the message says what to give."""


@dataclass(frozen=True, slots=True)
class Audit:
    """``head`` is the last good row's hash in hex; ``broken_at`` the first row that does not chain, 0 if all do."""

    rows: int
    head: str
    broken_at: int
    why: str


def verify(folder: Path) -> Audit:
    """Walk the chain. :raises LedgerMissing: no ledger in ``folder``."""
    connection = open_ledger(folder)
    previous, expected = GENESIS, 1
    for record in connection.execute("SELECT * FROM ledger ORDER BY seq"):
        if record["seq"] != expected:
            return Audit(expected - 1, previous.hex(), expected, f"row {expected} is missing")
        if chain(previous, (record[column] for column in COLUMNS)) != record["hash"]:
            return Audit(expected - 1, previous.hex(), expected, f"row {expected} does not match its hash")
        previous, expected = record["hash"], expected + 1
    return Audit(expected - 1, previous.hex(), 0, "")


def records(folder: Path, *, personal: bool) -> Iterator[dict[str, Any]]:
    """Every row as plain values. Personal data only if asked for; what was forgotten comes out as null."""
    connection = open_ledger(folder)
    sealer = Sealer(folder / "seal")
    for record in connection.execute("SELECT * FROM ledger ORDER BY seq"):
        plain = {column: record[column] for column in COLUMNS if column != "sealed"}
        plain["trusted"] = bool(plain["trusted"])
        plain["reasons"] = json.loads(plain["reasons"])
        plain["evidence"] = json.loads(plain["evidence"])
        plain["hash"] = record["hash"].hex()
        if personal:
            unsealed = sealer.unseal(record["sealed"])
            plain.update(asdict(unsealed) if unsealed else dict.fromkeys(asdict(Personal())))
        yield plain


def export_json(folder: Path, out: TextIO, *, personal: bool) -> int:
    """JSON Lines, one row a line. :return: rows written."""
    count = 0
    for record in records(folder, personal=personal):
        out.write(json.dumps(record, ensure_ascii=False) + "\n")
        count += 1
    return count


def export_csv(folder: Path, out: TextIO, *, personal: bool) -> int:
    """CSV (RFC 4180); lists and maps as JSON text. :return: rows written."""
    count = 0
    for record in records(folder, personal=personal):
        if not count:
            write_csv_rows(out, [list(record)])
        count += write_csv_rows(out, [[_cell(value) for value in record.values()]])
    return count


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def open_ledger(folder: Path) -> sqlite3.Connection:
    """For reading only. :raises LedgerMissing: no ledger in ``folder``."""
    path = folder / "ledger.db"
    if not path.exists():
        raise LedgerMissing(f"{path}: there is no ledger; give the station's data_dir")
    return connect_to_read(path)
