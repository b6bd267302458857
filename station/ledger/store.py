"""The ledger: append-only rows on disk before anything moves. One connection writes; a full disk is survived."""

import secrets
import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from station.domain.bounds import is_row_number
from station.domain.decision import Outcome
from station.domain.event_rows import names, recorded
from station.domain.events import Event
from station.domain.moment import Moment
from station.domain.passage import Entry, EntryType, LaneCounts, Personal, Row
from station.domain.situation import Use
from station.ledger.bay import Bay
from station.ledger.daycounts import DayCounts
from station.ledger.photographs import Photographs
from station.ledger.rows import GENESIS, INSERT, chain, row_of, values_of
from station.ledger.schema import OF_PASSAGES, PASSAGES_NOW, PASSAGES_ON_CODE, migrations, of_kinds
from station.ledger.seal import Sealer

KEPT_IN_MEMORY = 50_000  # more than a day of a busy station, in some 50 MB
_EPOCH_BITS = 63  # 64-bit, and SQLite's integers are signed


class LedgerUnwritable(Exception):
    """The disk is full, read-only or broken. The row is not written; nothing may open by itself."""


class AmendsChangedPassage(Exception):
    """Another row of the passage came between: what the author saw is no longer so."""


class Ledger:
    """Thread-safe. Rows that could not be written wait in memory (``keep``) and are written first once they can be.

    Rows kept in memory have negative numbers until they are on disk, so that they can be amended meanwhile.
    """

    def __init__(self, folder: Path, zone: ZoneInfo) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "ledger.db"
        self.zone = zone
        self.sealer = Sealer(folder / "seal")
        self.photographs = Photographs(folder / "photographs", self.sealer)
        self._lock = threading.RLock()
        self._kept: dict[int, Entry] = {}
        self._kept_last = 0
        self._numbers: dict[int, int] = {}
        self.fault = ""
        self.set_aside = ""
        """Which damaged ledger lies beside this one, and what to do; empty while there is none."""
        self._connection = connect_to_write(self.path)
        self._prepare()
        self._days = DayCounts(zone)
        self._bay = Bay(self._connection)
        self._head, self._hash = self._read_head()

    def _prepare(self) -> None:
        db = Database(self._connection)
        migrations.apply(db)
        with self._transaction() as connection:
            epoch = secrets.randbits(_EPOCH_BITS)
            connection.execute(
                "INSERT OR IGNORE INTO meta VALUES ('epoch', ?), ('conn', 0), ('acked', 0), ('events_acked', 0)",
                (epoch,),
            )

    def _read_head(self) -> tuple[int, bytes]:
        found = self._connection.execute("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        return (found["seq"], found["hash"]) if found else (0, GENESIS)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One immediate transaction; :raises LedgerUnwritable: when the disk does not take it."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                self.fault = f"{type(error).__name__}: {error}"
                raise LedgerUnwritable(self.fault) from error
            except BaseException:
                self._roll_back()
                raise
            self.fault = ""

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    # Writing

    def append(self, entry: Entry) -> Row:
        """Write one row and whatever was kept in memory before it; on return it is on disk.

        :raises LedgerUnwritable: nothing was written.
        :raises AmendsChangedPassage: the amendment's ``replaces`` is not the passage's last row any more.
        """
        with self._lock:
            return self._write((*self._kept.values(), entry))[-1]

    def append_all(self, entries: Sequence[Entry]) -> list[Row]:
        """Write rows in one transaction: all or none."""
        with self._lock:
            rows = self._write((*self._kept.values(), *entries))
            return rows[len(rows) - len(entries) :]

    def keep(self, entry: Entry) -> Row:
        """Keep in memory what could not be written, to be written first. :raises LedgerUnwritable: no room left."""
        with self._lock:
            if len(self._kept) >= KEPT_IN_MEMORY:
                raise LedgerUnwritable(f"{KEPT_IN_MEMORY} rows wait in memory already; free the disk")
            entry = replace(entry, replaces=None)  # its author saw the passage; there is nobody left to refuse it to
            self._kept_last -= 1
            self._kept[self._kept_last] = entry
            row = Row(self._kept_last, entry.amends or self._kept_last, entry, b"")
            self._bay.note(row)
            return row

    def flush(self) -> list[Row]:
        """Try to write what is kept in memory. :raises LedgerUnwritable: still not."""
        with self._lock:
            return self._write(tuple(self._kept.values())) if self._kept else []

    @property
    def kept(self) -> int:
        return len(self._kept)

    def _write(self, entries: Sequence[Entry]) -> list[Row]:
        head, last_hash = self._head, self._hash
        numbers = dict(zip(self._kept, range(head + 1, head + 1 + len(self._kept)), strict=True))
        rows: list[Row] = []
        try:
            with self._transaction() as connection:
                for entry in entries:
                    row = self._insert(connection, _renumbered(entry, numbers), head + 1, last_hash)
                    head, last_hash = row.seq, row.hash
                    rows.append(row)
        except OSError as error:  # a seal key could not be written: the same disk, the same remedy
            self.fault = f"{type(error).__name__}: {error}"
            raise LedgerUnwritable(self.fault) from error
        self._head, self._hash = head, last_hash
        for number in self._kept:
            self._bay.drop(number)
        self._kept.clear()
        self._numbers.update(numbers)
        for row in rows:
            self._days.count(row)
            self._bay.note(row)
        return rows

    def _insert(self, connection: sqlite3.Connection, entry: Entry, seq: int, previous: bytes) -> Row:
        passage = entry.amends or seq
        if entry.replaces is not None:
            last = connection.execute("SELECT max(seq) FROM ledger WHERE passage = ?", (passage,)).fetchone()[0]
            if last != entry.replaces:
                raise AmendsChangedPassage(f"passage {passage} has row {last}, not {entry.replaces}")
        values = values_of(entry, seq, passage, self.sealer.seal(entry.personal, entry.at))
        digest = chain(previous, values)
        connection.execute(INSERT, (*values, digest))
        return Row(seq, passage, entry, digest)

    def note(self, statement: str, values: tuple[int, ...] | Mapping[str, int]) -> None:
        """Change the outbox's bookkeeping, which lies in this file so that it can never disagree with the rows.

        :raises LedgerUnwritable: nothing was changed.
        """
        with self._transaction() as connection:
            connection.execute(statement, values)

    def forget(self, today: date, keep_days: int) -> None:
        """What is personal of days before the last ``keep_days`` can be read by nobody any more."""
        self.sealer.forget(today, keep_days)
        self.photographs.forget()

    # Reading

    @property
    def head(self) -> int:
        """The number of the last row."""
        return self._head

    def number(self, number: int) -> int:
        """The number on disk of a row or passage that was kept in memory for a while; any other is its own."""
        return self._numbers.get(number, number)

    def history(self, passage: int) -> list[Row]:
        """Every row of a passage, first to last; those kept in memory too. None for a number that no row can have."""
        if not is_row_number(passage):
            return []
        with self._lock:
            passage = self.number(passage)
            records = self._connection.execute(
                f"SELECT * FROM ledger WHERE passage = ? AND {OF_PASSAGES} ORDER BY seq",  # noqa: S608
                (passage,),
            )
            rows = [row_of(record, self._unsealed(record)) for record in records.fetchall()]
            kept = [Row(n, e.amends or n, e, b"") for n, e in self._kept.items() if (e.amends or n) == passage]
            return rows + kept

    def _unsealed(self, record: sqlite3.Row) -> Personal:
        return self.sealer.unseal(record["sealed"]) or Personal()

    def aside(self) -> list[Row]:
        """The last row of every passage that was set aside and not taken up since, first to last."""
        with self._lock:
            return [self.history(passage)[-1] for passage in self._bay.passages]

    @property
    def waiting_aside(self) -> int:
        """How many of them are still to be decided on."""
        with self._lock:
            return self._bay.waiting

    def drop_aside(self, passage: int) -> None:
        """Nothing can be undone any more: it need not be looked at again."""
        with self._lock:
            self._bay.drop(passage)

    def last(self, lane: str) -> Row | None:
        """The row of a passage that was written last for a lane."""
        with self._lock:
            record = self._connection.execute(  # the plus: walk back from the end, and do not sort the lane's rows
                f"SELECT * FROM ledger WHERE +lane = ? AND {OF_PASSAGES} ORDER BY seq DESC LIMIT 1",  # noqa: S608
                (lane,),
            ).fetchone()
            return row_of(record, self._unsealed(record)) if record else None

    def last_event(self, lane: str, kinds: Collection[type[Event]]) -> Event | None:
        """The event of these kinds that was written last for a lane."""
        with self._lock:
            found = self._connection.execute(
                f"SELECT * FROM ledger WHERE {of_kinds(kinds)} AND +lane = ? ORDER BY seq DESC LIMIT 1",  # noqa: S608
                (*names(kinds), lane),
            ).fetchall()
            rows = [row_of(record, self._unsealed(record)) for record in found]
        return next((told.event for told in recorded(rows)), None)

    def latest(self, lane: str, rows: int) -> list[Row]:
        """A lane's passages and crossings among the ledger's last ``rows``, first to last, without what is sealed."""
        with self._lock:
            found = self._connection.execute(
                "SELECT * FROM ledger WHERE seq > ? AND +lane = ? AND type <> 'event' ORDER BY seq",
                (self._head - rows, lane),
            ).fetchall()
        return [row_of(record, Personal()) for record in found]

    def uses(self, code_id: str, now: Moment, within: float) -> tuple[Use, ...]:
        """Passages for which a code was shown and that changed during the last ``within`` seconds, newest first, with
        their outcome now."""
        since = replace(now, utc=now.utc - timedelta(seconds=within)).text
        with self._lock:
            found = self._connection.execute(
                f"SELECT * FROM ({PASSAGES_NOW} AND first.seq IN ({PASSAGES_ON_CODE}) AND last.at >= :since) "  # noqa: S608
                "ORDER BY seq DESC",
                {"code": code_id, "since": since},
            ).fetchall()
        return tuple(_use(record, now) for record in found)

    def untrusted(self, boot: str) -> list[Row]:
        """The last row of every passage of a boot that still counts under an unknown minute."""
        with self._lock:
            found = self._connection.execute(
                f"SELECT * FROM ({PASSAGES_NOW}) WHERE minute GLOB ? ORDER BY seq",  # noqa: S608
                (f"boot:{boot}+*",),
            ).fetchall()
            return [row_of(record, self._unsealed(record)) for record in found]

    def counts(self, lane: str, now: Moment) -> LaneCounts:
        """A lane's counts of the local day of ``now``."""
        with self._lock:
            if not self._days.holds(now):
                self._days.begin(now, self._connection)
            return self._days.of(lane)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def connect_to_write(path: Path) -> sqlite3.Connection:
    """WAL with a sync at every commit: what is committed survives a power cut (sqlite.org/pragma.html)."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """:raises sqlite3.OperationalError: there is no such file."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5.0, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    return connection


def _renumbered(entry: Entry, numbers: dict[int, int]) -> Entry:
    """Point an amendment or a crossing of a row that was kept in memory at the number it has on disk."""
    if entry.amends is not None and entry.amends < 0:
        return replace(entry, amends=numbers[entry.amends])
    passage = int(entry.evidence.get("passage", 0)) if entry.type is EntryType.CROSSING else 0
    if passage < 0:
        return replace(entry, evidence={**entry.evidence, "passage": str(numbers[passage])})
    return entry


def _use(record: sqlite3.Row, now: Moment) -> Use:
    ago = (now.utc - datetime.fromisoformat(record["first_at"])).total_seconds()
    return Use(record["passage"], record["row"], record["lane"], Outcome(record["outcome"]), ago)
