"""The ledger: append-only rows on disk before anything moves. One connection writes; a full disk is survived, and so is
a damaged file."""

import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from station.domain.bounds import is_row_number
from station.domain.decision import Outcome
from station.domain.event_rows import Recorded, names, recorded
from station.domain.events import Event
from station.domain.moment import Moment
from station.domain.passage import Entry, EntryType, LaneCounts, Personal, Row
from station.domain.situation import Use
from station.ledger.bay import Bay
from station.ledger.connections import connect_to_nothing, connect_to_read, is_damage, is_mistake
from station.ledger.daycounts import DayCounts
from station.ledger.epochs import EPOCH_BITS, begin_epoch, read_epochs
from station.ledger.file import LedgerAway, LedgerDamaged, LedgerFile
from station.ledger.photographs import Photographs
from station.ledger.rows import COLUMNS, GENESIS, INSERT, chain, row_of, values_of
from station.ledger.schema import OF_PASSAGES, PASSAGES_NOW, PASSAGES_ON_CODE, of_kinds
from station.ledger.seal import Sealer

log = logging.getLogger(__name__)

KEPT_IN_MEMORY = 50_000  # more than a day of a busy station, in some 50 MB
OPEN_AGAIN_INTERVAL_S = 5.0
AMENDED_BEFORE = "amended_before"
"""In the evidence of a row: the passage it amends, whose rows lie in a ledger that was set aside."""


T = TypeVar("T")


class LedgerUnwritable(Exception):
    """The disk is full, read-only or broken. The row is not written; nothing may open by itself."""


class AmendsChangedPassage(Exception):
    """Another row of the passage came between: what the author saw is no longer so."""


class Ledger:
    """Thread-safe. Rows that could not be written wait in memory (``keep``) and are written first once they can be.

    Rows kept in memory have negative numbers until they are on disk, so that they can be amended meanwhile.

    A file that cannot be opened, or that is found damaged while the station runs, is ``flush``'s to mend: until then
    nothing is written and nothing is known of earlier rows. ``replaced`` says that the file holds another ledger by
    now than the one this began with, with what was kept in memory: the station begins again on that one.
    """

    def __init__(
        self, folder: Path, zone: ZoneInfo, monotonic: Callable[[], float] = time.monotonic, machine: str = ""
    ) -> None:
        """:param machine: what tells this machine from others; empty where nothing lasting is known."""
        self.zone = zone
        self._file = LedgerFile(folder, machine)
        self.path = self._file.path
        self.sealer = Sealer(folder / "seal")
        self.photographs = Photographs(folder / "photographs", self.sealer)
        self._monotonic = monotonic
        self._lock = threading.RLock()
        self._kept: dict[int, Entry] = {}
        self._kept_last = 0
        self._numbers: dict[int, int] = {}
        self.fault = ""
        self.generation = 0
        """Changes whenever another file, or none, is read."""
        self._damage, self._open_at = "", float("-inf")
        self._successor: sqlite3.Connection | None = None
        self._carried: dict[int, int] = {}
        self._connection = self._nothing()
        self._known = self._writable = False
        self._take_up(self._connection)
        self._begin()

    # The file

    def _begin(self) -> None:
        """Open the file, or read it where the disk takes no writes, or do without it for now."""
        try:
            self._take_up(self._opened())
            self._known = self._writable = True
        except LedgerAway as error:
            self._miss(str(error))
            if (to_read := self._file.open_to_read()) is not None:
                try:
                    self._take_up(to_read)
                    self._known = True
                except (sqlite3.Error, ValueError, KeyError, TypeError):
                    self._take_up(self._nothing())

    def _opened(self) -> sqlite3.Connection:
        """One that is damaged is set aside, and another begun. :raises LedgerAway: neither can be done now."""
        try:
            if self._damage:
                raise LedgerDamaged(self._damage)
            return self._file.open()
        except LedgerDamaged as error:
            place = self._file.set_aside(str(error))
            log.error("the ledger is damaged (%s): it is set aside in %s, and a new one is begun", error, place)
        try:
            return self._file.open()
        except LedgerDamaged as error:
            raise LedgerAway(f"{self.path}: a new ledger cannot be begun: {error}; change the card") from error

    def _take_up(self, connection: sqlite3.Connection) -> None:
        """Go on from what a connection reads. :raises sqlite3.Error: it cannot be read, and is closed."""
        try:
            bay = Bay(connection)
            epoch = _epoch_of(connection)
            head, last_hash = _head_of(connection)
        except BaseException:
            connection.close()
            raise
        if self._connection is not connection:
            self._connection.close()
        self._connection, self._bay, self.epoch = connection, bay, epoch
        self._head, self._hash, self._head_before = head, last_hash, head
        self._days = DayCounts(self.zone)
        self.generation += 1
        for number, entry in self._kept.items():
            self._bay.note(Row(number, entry.amends or number, entry, b""))

    def _nothing(self) -> sqlite3.Connection:
        return connect_to_nothing(secrets.randbits(EPOCH_BITS))

    def _miss(self, why: str) -> None:
        self.fault, self._writable = why, False
        self._open_at = self._monotonic() + OPEN_AGAIN_INTERVAL_S

    @property
    def known(self) -> bool:
        """Whether the file is read; without it nothing that was written before is known."""
        return self._known

    @property
    def moved(self) -> bool:
        """Whether the ledger has come here from another machine or file."""
        return self._file.moved

    @property
    def replaced(self) -> bool:
        return self._successor is not None

    @property
    def set_aside(self) -> str:
        """Which damaged ledgers lie beside this one, and what to do; empty while there are none."""
        return "; ".join(
            f"{place}: set aside ({why}); read it with 'station ledger export {place}', then move it off this machine"
            for place, why in self._file.set_aside_before()
        )

    def connect(self) -> tuple[int, sqlite3.Connection]:
        """Another connection to what this reads, and the generation it is of."""
        with self._lock:
            if self._known:
                with suppress(sqlite3.Error):
                    return self.generation, connect_to_read(
                        self.path, immutable=not self._writable and not self._has_log
                    )
            return self.generation, connect_to_nothing(self.epoch)

    @property
    def _has_log(self) -> bool:
        return self.path.with_name(f"{self.path.name}-wal").exists()

    def note_error(self, error: sqlite3.Error, generation: int) -> bool:
        """A question was not answered: from now on nothing is written and nothing known, until ``flush`` has mended it.

        :param generation: of the connection that was asked.
        :return: False where the question is at fault.
        """
        if is_mistake(error):
            return False
        with self._lock:
            if generation == self.generation and self._known:
                self._lose(f"{type(error).__name__}: {error}", damaged=is_damage(error))
        return True

    def _lose(self, why: str, *, damaged: bool) -> None:
        """What is in memory of the day and of the parking bay stays as it is."""
        log.error("%s cannot be read: %s", self.path, why)
        with suppress(sqlite3.Error):
            self._connection.close()
        self._connection = connect_to_nothing(self.epoch)
        self.generation += 1
        self._known, self._writable = False, False
        self.fault, self._damage = f"{self.path}: {why}", why if damaged else ""
        self._open_at = self._monotonic()

    def _open_again(self) -> None:
        """:raises LedgerUnwritable: not yet."""
        if self._monotonic() < self._open_at:
            raise LedgerUnwritable(self.fault)
        try:
            connection = self._opened()
        except LedgerAway as error:
            self._miss(str(error))
            raise LedgerUnwritable(self.fault) from error
        self._damage = ""
        if _epoch_of(connection) == self.epoch:
            self._take_up(connection)
            self._known, self._writable, self.fault = True, True, ""
        else:
            self._successor = connection

    def _carry(self) -> None:
        """Write what is kept in memory into the ledger that follows. :raises LedgerUnwritable: the disk does not take
        it."""
        assert self._successor is not None
        waiting = {number: entry for number, entry in self._kept.items() if number not in self._carried}
        if not waiting:
            return
        carried = dict(self._carried)
        try:
            head, last_hash = _head_of(self._successor)
            self._successor.execute("BEGIN IMMEDIATE")
            for number, entry in waiting.items():
                row = self._insert(self._successor, _renumbered(_carried(entry), carried), head + 1, last_hash)
                head, last_hash, carried[number] = row.seq, row.hash, row.seq
            self._successor.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            if self._successor.in_transaction:
                self._successor.execute("ROLLBACK")
            self.fault = f"{self.path}: {error}"
            raise LedgerUnwritable(self.fault) from error
        self._carried = carried

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One immediate transaction; :raises LedgerUnwritable: when the disk does not take it."""
        with self._lock:
            if not self._writable:
                raise LedgerUnwritable(self.fault)
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                self.fault = f"{type(error).__name__}: {error}"
                if is_damage(error):
                    self._lose(self.fault, damaged=True)
                raise LedgerUnwritable(self.fault) from error
            except BaseException:
                self._roll_back()
                raise
            self.fault = ""

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):  # of a file that is damaged
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
        """Try to mend what is wrong with the file, and to write what is kept in memory. :raises LedgerUnwritable: still
        not."""
        with self._lock:
            if not self._writable and self._successor is None:
                self._open_again()
            if self._successor is not None:
                self._carry()
                return []
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

    def begin_epoch(self, after: int) -> None:
        """Another copy counts in this epoch: rows after ``after`` that were written since the start count in another.

        :raises LedgerUnwritable: nothing was changed.
        """
        with self._transaction() as connection:
            begin_epoch(connection, max(after, self._head_before) + 1, self._file.home)
            self.epoch = _epoch_of(connection)

    def look(self, now: Moment) -> None:
        """Look at the clock, by which keys grow old: as often as housekeeping comes by. :raises OSError: the disk."""
        self.sealer.look(now)

    def forget_old(self, now: Moment, keep_days: int) -> list[str]:
        """What is personal and more than ``keep_days`` old, by the proven time, can be read by nobody any more.

        :return: the keys that are gone.
        :raises OSError: some are there still.
        """
        gone = self.sealer.forget_old(now, keep_days)
        self.photographs.forget()
        return gone

    def forget(self, today: date, keep_days: int) -> None:
        """What is personal of days before the last ``keep_days`` can be read by nobody any more. What the disk does not
        let go of is tried again the next time."""
        try:
            self.sealer.forget(today, keep_days)
            self.photographs.forget()
        except OSError as error:
            log.warning("personal data is not forgotten: %s", error)

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
            question = f"SELECT * FROM ledger WHERE passage = ? AND {OF_PASSAGES} ORDER BY seq"  # noqa: S608
            rows = self.rows(self._asked(question, (passage,)), self._unsealed)
            kept = [Row(n, e.amends or n, e, b"") for n, e in self._kept.items() if (e.amends or n) == passage]
            return rows + kept

    def latest_of(self, passage: int) -> Row | None:
        """A passage as it stands; None where nothing is known of it, as of one in a file that is damaged."""
        history = self.history(passage)
        return history[-1] if history else None

    def _unsealed(self, record: sqlite3.Row) -> Personal:
        return self.sealer.unseal(record["sealed"]) or Personal()

    def aside(self) -> list[Row]:
        """The last row of every passage that was set aside and not taken up since, first to last."""
        with self._lock:
            return [row for passage in self._bay.passages if (row := self.latest_of(passage)) is not None]

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
            found = self._asked(  # the plus: walk back from the end, and do not sort the lane's rows
                f"SELECT * FROM ledger WHERE +lane = ? AND {OF_PASSAGES} ORDER BY seq DESC LIMIT 1",  # noqa: S608
                (lane,),
            )
            return next(iter(self.rows(found, self._unsealed)), None)

    def last_event(self, lane: str, kinds: Collection[type[Event]]) -> Event | None:
        """The event of these kinds that was written last for a lane."""
        with self._lock:
            found = self._asked(
                f"SELECT * FROM ledger WHERE {of_kinds(kinds)} AND +lane = ? ORDER BY seq DESC LIMIT 1",  # noqa: S608
                (*names(kinds), lane),
            )
            events = self.events(found)
        return events[0].event if events else None

    def latest(self, lane: str, rows: int) -> list[Row]:
        """A lane's passages and crossings among the ledger's last ``rows``, first to last, without what is sealed."""
        with self._lock:
            found = self._asked(
                "SELECT * FROM ledger WHERE seq > ? AND +lane = ? AND type <> 'event' ORDER BY seq",
                (self._head - rows, lane),
            )
            return self.rows(found)

    def uses(self, code_id: str, now: Moment, within: float) -> tuple[Use, ...]:
        """Passages for which a code was shown and that changed during the last ``within`` seconds, newest first, with
        their outcome now."""
        since = replace(now, utc=now.utc - timedelta(seconds=within)).text
        with self._lock:
            found = self._asked(
                f"SELECT * FROM ({PASSAGES_NOW} AND first.seq IN ({PASSAGES_ON_CODE}) AND last.at >= :since) "  # noqa: S608
                "ORDER BY seq DESC",
                {"code": code_id, "since": since},
            )
        return tuple(_use(record, now) for record in found)

    def untrusted(self, boot: str) -> list[Row]:
        """The last row of every passage of a boot that still counts under an unknown minute."""
        with self._lock:
            found = self._asked(
                f"SELECT * FROM ({PASSAGES_NOW}) WHERE minute GLOB ? ORDER BY seq",  # noqa: S608
                (f"boot:{boot}+*",),
            )
            return self.rows(found, self._unsealed)

    def counts(self, lane: str, now: Moment) -> LaneCounts:
        """A lane's counts of the local day of ``now``."""
        with self._lock:
            if not self._days.holds(now):
                self._days.begin(now, lambda question, values: self.rows(self._asked(question, values)))
            return self._days.of(lane)

    def _asked(self, question: str, values: Sequence[str | int] | Mapping[str, str | int]) -> list[sqlite3.Row]:
        """What a question comes to; nothing while the file cannot be read."""
        try:
            return self._connection.execute(question, values).fetchall()
        except sqlite3.Error as error:
            if not self.note_error(error, self.generation):
                raise
            return self._connection.execute(question, values).fetchall()

    def rows(
        self, records: Iterable[sqlite3.Row], personal: Callable[[sqlite3.Row], Personal] = lambda _: Personal()
    ) -> list[Row]:
        """Records as rows, without those that cannot be understood: see ``_understood``."""
        return [row for record in records if (row := self._understood(record, lambda r: row_of(r, personal(r))))]

    def events(self, records: Iterable[sqlite3.Row]) -> list[Recorded]:
        """The same of events."""

        def event_of(record: sqlite3.Row) -> Recorded | None:
            return next(iter(recorded([row_of(record, self._unsealed(record))])), None)

        return [event for record in records if (event := self._understood(record, event_of))]

    def _understood(self, record: sqlite3.Row, read: Callable[[sqlite3.Row], T]) -> T | None:
        """A newer version may have written what this one does not know: that row is passed over. If it does not match
        its hash the ledger is damaged."""
        try:
            return read(record)
        except (ValueError, KeyError, TypeError, AttributeError):
            with self._lock:
                if self._is_intact(record):
                    log.warning("row %s of the ledger says what this version does not know", record["seq"])
                elif self._known:
                    self._lose(f"row {record['seq']} does not match its hash", damaged=True)
            return None

    def _is_intact(self, record: sqlite3.Row) -> bool:
        before = self._asked("SELECT hash FROM ledger WHERE seq = ?", (record["seq"] - 1,))
        previous = before[0]["hash"] if before else GENESIS
        return chain(previous, (record[column] for column in COLUMNS)) == bytes(record["hash"])

    def close(self) -> None:
        """What is kept in memory goes into the ledger that follows, where there is one."""
        with self._lock:
            if self._successor is not None:
                with suppress(LedgerUnwritable):  # as its fault says
                    self._carry()
                self._successor.close()
            self._connection.close()


def _head_of(connection: sqlite3.Connection) -> tuple[int, bytes]:
    found = connection.execute("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    return (found["seq"], found["hash"]) if found else (0, GENESIS)


def _epoch_of(connection: sqlite3.Connection) -> int:
    """The one that new rows count in."""
    return read_epochs(connection)[-1].epoch


def _carried(entry: Entry) -> Entry:
    """A row for the ledger that follows. What it amends lies in the one before and is counted there: it counts for
    nothing here, and says which passage it is about."""
    if entry.amends is None or entry.amends < 0:
        return _without_passage_before(entry)
    return replace(
        entry,
        type=EntryType.PASSAGE,
        amends=None,
        passages=0,
        vehicles=0,
        persons=0,
        evidence={**entry.evidence, AMENDED_BEFORE: str(entry.amends)},
    )


def _without_passage_before(entry: Entry) -> Entry:
    """A crossing of a passage of the ledger before names none of this one."""
    if entry.type is EntryType.CROSSING and int(entry.evidence.get("passage", 0)) > 0:
        left = {name: value for name, value in entry.evidence.items() if name != "passage"}
        return replace(entry, evidence={**left, AMENDED_BEFORE: entry.evidence["passage"]})
    return entry


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
