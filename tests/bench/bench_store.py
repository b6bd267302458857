"""``store``: the hub's store taking segments beside bare ``executemany`` of the very same rows."""

import sqlite3
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import disk
from hub_messages import SHANGHAI
from pairing import Laps, interleaved, ratio, sliced
from plan import Plan
from tables import Table

from station.hub.received import Received
from station.hub.segments import TALLIES, TallyRow, tally_rows
from station.hub.sqlite import SqliteDatabase, upsert
from station.hub.store import Store
from station.messages import Segment, SegmentTally
from station.runtime import collect_garbage_seldom

SEGMENTS_A_COMMIT = 100
COLUMNS = ("way", "rows/s", "wall ms a 1,000", "cpu ms a 1,000", "throughput / bare (wall)", "(cpu)")
STORE, KEYED, HEAP = "store", "bare executemany, same key", "bare executemany, no key"
_TALLIES = (
    "create table tallies (epoch_id integer, lane text, minute text, kind text, origin text, outcome text,"
    " passages integer, vehicles integer, persons integer, version integer"
)
_KEY = ", primary key (epoch_id, minute, lane, kind, origin, outcome)) without rowid"
Work = tuple[Received, list[TallyRow]]


def measure(plan: Plan) -> list[Table]:
    note = disk.note(plan.folder)
    tables = []
    for tallies in (5, 50, 300):
        with tempfile.TemporaryDirectory(dir=plan.folder, prefix="store-") as folder:
            laps = _race(Path(folder), max(SEGMENTS_A_COMMIT, plan.store_rows // tallies), tallies)
        tables.append(
            table_of(f"store: {SEGMENTS_A_COMMIT} segments of {tallies} tallies a commit", laps, KEYED, tallies, note)
        )
    return tables


class BareTable:
    """The store's own pragmas and statement, or a plain insert into a table without a key."""

    def __init__(self, path: Path, table: str, statement: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = wal", "synchronous = full", "cache_size = -65536"):
            self._connection.execute(f"pragma {pragma}")
        self._connection.execute(table)
        self._statement = statement

    def take(self, work: Sequence[Work]) -> None:
        self._connection.execute("begin immediate")
        self._connection.executemany(self._statement, [row for _, rows in work for row in rows])
        self._connection.execute("commit")

    def count(self) -> int:
        return int(self._connection.execute("select count(*) from tallies").fetchone()[0])

    def close(self) -> None:
        self._connection.close()


def _race(folder: Path, segments: int, tallies: int) -> dict[str, Laps]:
    database = SqliteDatabase(folder / "hub")
    store = Store(database, SHANGHAI)
    keyed = BareTable(folder / "keyed.db", _TALLIES + _KEY, upsert(TALLIES))
    heap = BareTable(folder / "heap.db", f"{_TALLIES})", "insert into tallies values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    ways = {
        STORE: lambda work: store.apply([received for received, _ in work]),
        KEYED: keyed.take,
        HEAP: heap.take,
    }
    work = sliced((a_work(number, tallies) for number in range(segments)), SEGMENTS_A_COMMIT)
    with collect_garbage_seldom():  # as `station hub run` does
        laps = interleaved(ways, work)
    assert keyed.count() == heap.count() == segments * tallies
    for one in (database, keyed, heap):
        one.close()
    return laps


def a_work(number: int, tallies: int) -> Work:
    """A segment as a station of four lanes sends it, and the rows it is; stations take turns."""
    station, turn = number % 1000, number // 1000
    minutes = (turn * tallies + at for at in range(tallies))
    said = tuple(
        SegmentTally(
            str(1 + at % 4), f"2026-03-{1 + at // 1440:02}T{at // 60 % 24:02}:{at % 60:02}Z", *_REST, 4, 4, 9, turn + 1
        )
        for at in minutes
    )
    segment = Segment(station + 1, turn + 1, turn * tallies + 1, (turn + 1) * tallies, said)
    received = Received(f"s-{station}", "segment", segment, datetime(2026, 3, 1, tzinfo=UTC))
    return received, list(tally_rows(station + 1, segment))


_REST = ("car", "other_province", "granted")


def table_of(title: str, laps: dict[str, Laps], bare: str, tallies: int, note: str) -> Table:
    peer = laps[bare]
    rows = tuple(
        (
            name,
            own.per_second * tallies,
            own.wall_median_ms / tallies * 1000,
            own.cpu_median_ms / tallies * 1000,
            ratio(peer.wall, own.wall),
            ratio(peer.cpu, own.cpu),
        )
        for name, own in laps.items()
    )
    return Table(title, COLUMNS, rows, (f"{peer.items * tallies:,} rows each, {note}",))
