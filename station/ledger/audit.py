"""The hash chain walked from the first row, and the ledger written out for others."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from station.domain.passage import Personal
from station.domain.spreadsheets import write_csv_rows
from station.ledger.connections import connect_to_read
from station.ledger.rows import COLUMNS, GENESIS, chain
from station.ledger.seal import Sealer

_SMALL_STEPS = 1000  # more rows than a page holds
_WIDEST_STEP = 2**40  # more rows than any ledger has


class LedgerMissing(FileNotFoundError):
    """There is no ledger where one was named; the message says what to give."""


class LedgerBroken(Exception):
    """A ledger of which only a part can be read; the message says from where on."""


@dataclass(frozen=True, slots=True)
class Audit:
    """``head`` is the last good row's hash in hex; ``broken_at`` the first row that does not chain, 0 if all do."""

    rows: int
    head: str
    broken_at: int
    why: str


def verify(folder: Path) -> Audit:
    """Walk the chain. :raises LedgerMissing: no ledger in ``folder``."""
    previous, expected = GENESIS, 1
    try:
        with closing(open_ledger(folder)) as connection:
            for record in connection.execute("SELECT * FROM ledger ORDER BY seq"):
                if record["seq"] != expected:
                    return Audit(expected - 1, previous.hex(), expected, f"row {expected} is missing")
                if chain(previous, (record[column] for column in COLUMNS)) != record["hash"]:
                    return Audit(expected - 1, previous.hex(), expected, f"row {expected} does not match its hash")
                previous, expected = record["hash"], expected + 1
    except sqlite3.DatabaseError as error:
        return Audit(expected - 1, previous.hex(), expected, f"row {expected} cannot be read: {error}")
    return Audit(expected - 1, previous.hex(), 0, "")


def records(
    folder: Path, *, personal: bool, unreadable: Callable[[str], None] | None = None
) -> Iterator[dict[str, Any]]:
    """Every row that can be read, as plain values. Personal data only if asked for; what was forgotten is null.

    :param unreadable: is told of rows that cannot be read; without it they are an error, once the others have come.
    :raises LedgerMissing: no ledger in ``folder``. :raises LedgerBroken: some rows cannot be read.
    """
    sealer = Sealer(folder / "seal") if personal else None
    wrong: list[str] = []
    for record in _readable(folder, wrong):
        try:
            yield _plain(record, sealer)
        except (ValueError, TypeError, AttributeError):
            wrong.append(f"row {record['seq']} is garbled")
    if wrong:
        said = f"{folder / 'ledger.db'} is damaged: {len(wrong)} stretches cannot be read, the first: {wrong[0]}"
        if unreadable is None:
            raise LedgerBroken(said)
        unreadable(said)


def _plain(record: sqlite3.Row, sealer: Sealer | None) -> dict[str, Any]:
    plain = {column: record[column] for column in COLUMNS if column != "sealed"}
    plain["trusted"] = bool(plain["trusted"])
    plain["reasons"] = json.loads(plain["reasons"])
    plain["evidence"] = json.loads(plain["evidence"])
    plain["hash"] = record["hash"].hex()
    if sealer is not None:
        unsealed = sealer.unseal(record["sealed"])
        plain.update(asdict(unsealed) if unsealed else dict.fromkeys(asdict(Personal())))
    return plain


def _readable(folder: Path, wrong: list[str]) -> Iterator[sqlite3.Row]:
    """Rows in order. Over a page that cannot be read it steps row by row, and then wider and wider."""
    last, step = 0, 0
    with closing(open_ledger(folder)) as connection:
        while step < _WIDEST_STEP:
            try:
                for record in connection.execute("SELECT * FROM ledger WHERE seq > ? ORDER BY seq", (last + step,)):
                    yield record
                    last, step = record["seq"], 0
            except sqlite3.DatabaseError as error:
                if not step:
                    wrong.append(f"behind row {last}: {error}")
                step = step + 1 if step < _SMALL_STEPS else step * 2
            else:
                return


def export_json(folder: Path, out: TextIO, *, personal: bool, unreadable: Callable[[str], None] | None = None) -> int:
    """JSON Lines, one row a line. :return: rows written."""
    count = 0
    for record in records(folder, personal=personal, unreadable=unreadable):
        out.write(json.dumps(record, ensure_ascii=False) + "\n")
        count += 1
    return count


def export_csv(folder: Path, out: TextIO, *, personal: bool, unreadable: Callable[[str], None] | None = None) -> int:
    """CSV (RFC 4180); lists and maps as JSON text. :return: rows written."""
    count = 0
    for record in records(folder, personal=personal, unreadable=unreadable):
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
