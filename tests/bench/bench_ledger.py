"""``ledger``: passages written down beside bare sqlite3 writing the very same rows."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import disk
from bare import BareTable, Row, ledger_rows
from made import a_moment, a_pass, a_situation
from pairing import Laps, interleaved, ratio, sliced
from plan import Plan
from tables import Table

from station import rules
from station.domain import entries
from station.domain.origin import OriginClasses
from station.domain.passage import Entry
from station.ledger import Ledger

ZONE = ZoneInfo("Asia/Shanghai")
SLICE, BULK_SLICE = 25, 1000
COLUMNS = ("way", "passages/s", "wall ms", "cpu ms", "throughput / bare (wall)", "throughput / bare (cpu)")
Written = tuple[Entry, Row]


def measure(plan: Plan) -> list[Table]:
    with tempfile.TemporaryDirectory(dir=plan.folder, prefix="ledger-") as folder:
        place, note = Path(folder), disk.note(plan.folder)
        one = _race(place / "single", plan.passages, SLICE, _one_by_one)
        bulk = _race(place / "bulk", plan.bulk, BULK_SLICE, _together)
    return [
        _table("ledger: one commit a passage, synced", one, note),
        _table(f"ledger: {BULK_SLICE:,} passages a commit", bulk, note),
    ]


@dataclass(frozen=True, slots=True)
class _Ways:
    ledger: Callable[[Sequence[Written]], object]
    bare: Callable[[Sequence[Written]], object]


def _one_by_one(ledger: Ledger, table: BareTable) -> _Ways:
    def append(work: Sequence[Written]) -> None:
        for entry, _ in work:
            ledger.append(entry)

    def insert(work: Sequence[Written]) -> None:
        for _, row in work:
            table.insert(row)

    return _Ways(append, insert)


def _together(ledger: Ledger, table: BareTable) -> _Ways:
    return _Ways(
        lambda work: ledger.append_all([entry for entry, _ in work]),
        lambda work: table.insert_all([row for _, row in work]),
    )


def _race(folder: Path, count: int, size: int, ways: Callable[[Ledger, BareTable], _Ways]) -> dict[str, Laps]:
    made = [an_entry(number) for number in range(count)]
    columns, rows = _as_written(folder / "rehearsal", made)
    ledger, table = Ledger(folder / "ledger", ZONE), BareTable(folder / "bare.db", columns)
    way = ways(ledger, table)
    work = sliced(zip(made, rows, strict=True), size)
    laps = interleaved({"station": way.ledger, "bare sqlite3": way.bare}, work)
    ledger.close()
    table.close()
    return laps


def _as_written(folder: Path, made: Sequence[Entry]) -> tuple[list[str], list[Row]]:
    ledger = Ledger(folder, ZONE)
    ledger.append_all(made)
    ledger.close()
    return ledger_rows(ledger.path)


def an_entry(number: int) -> Entry:
    """A passage as the rules decide it: a good declaration, ten a minute."""
    shown, situation = a_pass(), a_situation(at=a_moment(number * 6.0))
    return entries.decided(shown, situation, rules.decide(shown, situation), shown.id, OriginClasses("41", ("110105",)))


def _table(title: str, laps: dict[str, Laps], note: str) -> Table:
    peer = laps["bare sqlite3"]
    rows = tuple(
        (
            name,
            own.per_second,
            own.wall_median_ms,
            own.cpu_median_ms,
            ratio(peer.wall, own.wall),
            ratio(peer.cpu, own.cpu),
        )
        for name, own in laps.items()
    )
    return Table(title, COLUMNS, rows, (f"{peer.items:,} passages each, {note}",))
