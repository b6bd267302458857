"""A ledger looked at from beside the station that may be writing it: nothing is changed."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from station.ledger.connections import connect_to_nothing, connect_to_read
from station.ledger.file import FILE_NAME, LedgerDamaged, LedgerFile, check_pages

CHECK_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class SetAside:
    """``rows`` is how many of a damaged ledger can be counted; None where it cannot be opened at all."""

    place: Path
    why: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``there`` is False while there is no ledger yet. ``wrong`` is empty while nothing is found to be wrong with it;
    ``newer``: migrations of a later version."""

    there: bool
    rows: int
    wrong: str
    newer: tuple[str, ...]
    set_aside: tuple[SetAside, ...]


def diagnose(folder: Path) -> Diagnosis:
    set_aside = tuple(SetAside(place, why, _rows(place)) for place, why in LedgerFile(folder).set_aside_before())
    path = folder / FILE_NAME
    try:
        if not path.exists():
            return Diagnosis(False, 0, "", (), set_aside)
        with closing(connect_to_read(path)) as connection:
            rows = connection.execute("SELECT coalesce(max(seq), 0) FROM ledger").fetchone()[0]
            with closing(connect_to_nothing(0)) as ours:
                newer = tuple(sorted(_applied(connection) - _applied(ours)))
            check_pages(connection, CHECK_TIMEOUT_S)
    except (sqlite3.Error, OSError, LedgerDamaged) as error:
        return Diagnosis(True, 0, f"{path}: {error}", (), set_aside)
    return Diagnosis(True, rows, "", newer, set_aside)


def _applied(connection: sqlite3.Connection) -> set[str]:
    return {record["name"] for record in connection.execute("SELECT name FROM _sqlite_migrations")}


def _rows(place: Path) -> int | None:
    """Those that an index can count; ``station ledger export`` reads around a damaged page, and takes longer."""
    try:
        with closing(connect_to_read(place / FILE_NAME)) as connection:
            found: int = connection.execute("SELECT count(*) FROM ledger").fetchone()[0]
    except sqlite3.Error:
        return None
    return found
