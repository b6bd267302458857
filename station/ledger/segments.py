"""The outbox's side of the ledger: stretches of rows cut into numbered segments, and the tallies they touch.

A segment is only a stretch of row numbers. Its tallies are computed when it is sent, from the ledger as it stands
then: each is the key's total so far with the ledger's head as its version, so a segment sent again says what
is true now, and the hub keeps whichever statement is newest. Of an epoch that is over, totals are as of its last row.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import TypeVar

from station.domain.event_rows import ID_BYTES
from station.domain.moment import Moment
from station.domain.passage import LaneCounts, Tally
from station.ledger.daycounts import DayCounts
from station.ledger.epochs import Epoch, Span, epoch_of, read_epochs
from station.ledger.must_hours import MustHour, amended_hours, must_hours
from station.ledger.reader import LedgerReader
from station.ledger.rows import key_of
from station.ledger.schema import OF_PASSAGES
from station.ledger.store import Ledger

T = TypeVar("T")

MOST_ROWS = 20_000

# Keys whose totals a stretch of rows changes: those its rows count under, and those the rows before them of the
# same passages counted under (an amendment empties its old key). Crossings and events count under none.
_TOUCHED = f"""
SELECT lane, minute, kind, origin, outcome FROM ledger WHERE seq BETWEEN :first AND :last AND {OF_PASSAGES}
UNION
SELECT old.lane, old.minute, old.kind, old.origin, old.outcome
FROM ledger AS new JOIN ledger AS old
ON old.seq = (SELECT max(seq) FROM ledger WHERE passage = new.passage AND seq < new.seq)
WHERE new.seq BETWEEN :first AND :last
ORDER BY 2, 1, 3, 4, 5
"""  # noqa: S608 - put together from constants
SUMS = """
  coalesce(sum(passages), 0) AS passages, coalesce(sum(vehicles), 0) AS vehicles, coalesce(sum(persons), 0) AS persons
"""
OF_KEY = "lane = :lane AND minute = :minute AND kind = :kind AND origin = :origin AND outcome = :outcome"
LAST_ROW = "SELECT max(seq) FROM ledger WHERE passage = row.passage"
# Of the passages that began in an epoch, those that count under a key at its end (or now).
_TOTAL = f"""
SELECT {SUMS} FROM ledger AS row
WHERE {OF_KEY} AND passage >= :begin AND seq = ({LAST_ROW} AND seq <= :end)
"""  # noqa: S608 - put together from constants
# What an epoch's amendments to passages from before it changed under a key: those that count there at its end, less
# those that counted there before it.
_AMENDED = f"""
SELECT {SUMS} FROM (
  SELECT passages, vehicles, persons FROM ledger AS row
  WHERE {OF_KEY} AND passage < :begin AND seq >= :begin AND seq = ({LAST_ROW} AND seq <= :end)
  UNION ALL
  SELECT -passages, -vehicles, -persons FROM ledger AS row
  WHERE {OF_KEY} AND seq < :begin AND seq = ({LAST_ROW} AND seq < :begin)
  AND EXISTS (SELECT 1 FROM ledger WHERE passage = row.passage AND seq BETWEEN :begin AND :end)
)
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows ``from_seq`` to ``through_seq``, both included; none where ``through_seq`` is the smaller. Segments are
    numbered from 1 without gaps through all of the ledger's epochs; none lies in two of them."""

    segment: int
    from_seq: int
    through_seq: int


class Segments:
    """Reads on a connection of its own, so that a long computation never holds up the lanes' writing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._reader = LedgerReader(ledger)
        self._before = DayCounts(ledger.zone)
        self._before_row = 0

    @property
    def epoch(self) -> int:
        """The one that new rows count in."""
        return self._ledger.epoch

    @property
    def known(self) -> bool:
        """Whether the ledger can be read; else nothing is known of what the hub has."""
        return self._ledger.known

    def epochs(self) -> list[Epoch]:
        """All that the ledger has had, first to last."""
        return self._reader.ask(read_epochs)

    def epoch_of(self, row: int) -> int:
        """The one that a row counts in."""
        return epoch_of(self.epochs(), row).epoch

    def numbered(self, epoch: int, number: int) -> int | None:
        """The ledger's number of a segment that the hub calls by an epoch and the number in it; None if this ledger
        has not numbered it."""
        last = self.last()
        for found, ended in self._ends(last.segment if last else 0):
            if found.epoch == epoch and 0 < number <= ended - found.base:
                return found.base + number
        return None

    def _ends(self, last: int) -> list[tuple[Epoch, int]]:
        """Each epoch with the last of its segments."""
        epochs = self.epochs()
        return list(zip(epochs, [*(epoch.base for epoch in epochs[1:]), last], strict=True))

    def earlier(self, most: int) -> list[tuple[Epoch, int]]:
        """The newest epochs in which nothing more counts, each with the last of its segments that the hub has."""
        acked = self.acked
        ended = self._ends(acked)[:-1][-most:]
        return [(epoch, max(0, min(acked, end) - epoch.base)) for epoch, end in ended]

    def begin_epoch(self, stated: int) -> None:
        """Another copy of this ledger counts in its epoch: what is in no segment, was written since the start and is in
        no total that the hub was told counts in a new one.

        :param stated: the newest row that such totals count. A segment said again counts rows after its own.
        :raises LedgerUnwritable: not noted; it shows again.
        """
        last = self.last()
        self._ledger.begin_epoch(max(stated, last.through_seq if last else 0))

    @property
    def acked(self) -> int:
        """The last segment the hub has said it stored."""
        return self._meta("acked")

    def unacknowledged_rows(self) -> int:
        acked = self.stretch(self.acked)
        return self._ledger.head + self._ledger.kept - (acked.through_seq if acked else 0)

    def unsegmented_rows(self) -> int:
        """Rows that lie in no segment yet."""
        last = self.last()
        return self._ledger.head - (last.through_seq if last else 0)

    def last(self) -> Stretch | None:
        return self._one("SELECT * FROM segments ORDER BY segment DESC LIMIT 1", ())

    def stretch(self, segment: int) -> Stretch | None:
        return self._one("SELECT * FROM segments WHERE segment = ?", (segment,))

    def place(self, stretch: Stretch) -> tuple[int, int]:
        """The epoch that its rows count in, and its number there."""
        epoch = epoch_of(self.epochs(), stretch.through_seq)
        return epoch.epoch, stretch.segment - epoch.base

    def id_of(self, stretch: Stretch) -> str:
        """With the beginning of its last row's hash: rows that took the same numbers in an old card have another."""
        _, number = self.place(stretch)
        row = self._reader.one("SELECT hash FROM ledger WHERE seq = ?", (stretch.through_seq,))
        return f"{number}-{row['hash'][:ID_BYTES].hex()}" if row else f"{number}"

    def cut(self, draft: Callable[[Stretch], T], fits: Callable[[T], bool]) -> T | None:
        """Number the next stretch of rows, as long as its ``draft`` fits.

        :return: the draft; None when there are no rows left.
        :raises LedgerUnwritable: the number could not be written down.
        """
        last = self.last()
        number, begin = (last.segment + 1, last.through_seq + 1) if last else (1, 1)
        ended = epoch_of(self.epochs(), begin).through_seq
        rows = min(self._ledger.head + 1 - begin, MOST_ROWS)
        if ended is not None:
            rows = min(rows, ended + 1 - begin)
        if rows <= 0:
            return None
        new = Stretch(number, begin, begin + rows - 1)
        drafted = draft(new)
        while rows > 1 and not fits(drafted):
            rows //= 2
            new = Stretch(number, begin, begin + rows - 1)
            drafted = draft(new)
        self._ledger.note("INSERT INTO segments VALUES (?, ?, ?)", (new.segment, new.from_seq, new.through_seq))
        return drafted

    def acknowledge(self, segment: int) -> bool:
        """The hub has stored everything up to ``segment``. False for a number never sent (another ledger's hub)."""
        last = self.last()
        if last is None or not 0 < segment <= last.segment:
            return False
        if segment > self.acked:
            self._ledger.note("UPDATE meta SET value = ? WHERE key = 'acked'", (segment,))
        return True

    def reopen(self, segment: int) -> None:
        """The hub asks again from ``segment`` on: it lost what it had acknowledged."""
        self._ledger.note("UPDATE meta SET value = min(value, ?) WHERE key = 'acked'", (max(0, segment - 1),))

    def next_connection(self, after: int = 0) -> int:
        """Count one more connection to the broker, behind ``after`` too. :raises LedgerUnwritable: it could not be
        written down."""
        self._ledger.note("UPDATE meta SET value = max(value, ?) + 1 WHERE key = 'conn'", (after,))
        return self.connections

    @property
    def connections(self) -> int:
        """How many were counted."""
        return self._meta("conn")

    def tallies(self, stretch: Stretch) -> list[Tally]:
        """Totals so far of every key the stretch touches, 0 where an amendment emptied the key. They count passages of
        the stretch's epoch, as they stood at its end where it has one."""
        return self._reader.ask(_at_a_moment(stretch, lambda asked, span: _tallies(asked, _TOTAL, stretch, span)))

    def amended(self, stretch: Stretch) -> list[Tally]:
        """What amendments to passages of earlier epochs change under the keys the stretch touches. Ask after its
        tallies: it must not be older than they are."""

        def found(connection: sqlite3.Connection, span: Span) -> list[Tally]:
            tallies = _tallies(connection, _AMENDED, stretch, span) if span.begin > 1 else []
            return [tally for tally in tallies if tally.passages or tally.vehicles or tally.persons]

        return self._reader.ask(_at_a_moment(stretch, found))

    def musts(self, tallies: Iterable[Tally], stretch: Stretch) -> list[MustHour]:
        """The musts done so far in every hour that these tallies lie in, counted as those are."""
        zone = self._ledger.zone
        return self._reader.ask(_at_a_moment(stretch, lambda asked, span: must_hours(asked, tallies, zone, span)))

    def amended_musts(self, tallies: Iterable[Tally], stretch: Stretch) -> list[MustHour]:
        """What amendments to passages of earlier epochs change in these hours."""
        zone = self._ledger.zone
        return self._reader.ask(_at_a_moment(stretch, lambda asked, span: amended_hours(asked, tallies, zone, span)))

    def counted_before(self, lane: str, now: Moment) -> LaneCounts:
        """What a lane had counted on the local day of ``now`` when the epoch began: it is stated in earlier ones."""
        begun = self.epochs()[-1].from_seq
        if begun == 1:
            return LaneCounts()
        if begun != self._before_row or not self._before.holds(now):
            self._before.begin(now, lambda sql, values: self._ledger.rows(self._reader.all(sql, values)), begun)
            self._before_row = begun
        return self._before.of(lane)

    def close(self) -> None:
        self._reader.close()

    def _meta(self, key: str) -> int:
        found = self._reader.one("SELECT value FROM meta WHERE key = ?", (key,))
        return int(found["value"]) if found else 0

    def _one(self, query: str, values: tuple[int, ...]) -> Stretch | None:
        found = self._reader.one(query, values)
        return Stretch(found["segment"], found["from_seq"], found["through_seq"]) if found else None


def _at_a_moment(
    stretch: Stretch, question: Callable[[sqlite3.Connection, Span], list[T]]
) -> Callable[[sqlite3.Connection], list[T]]:
    """A question to the ledger as it stands, with the rows of the stretch's epoch. The last of them is the version of
    totals, which must not be newer than they are."""

    def asked(connection: sqlite3.Connection) -> list[T]:
        connection.execute("BEGIN")
        try:
            head = connection.execute("SELECT coalesce(max(seq), 0) FROM ledger").fetchone()[0]
            epoch = epoch_of(read_epochs(connection), stretch.through_seq)
            return question(connection, Span(epoch.from_seq, head if epoch.through_seq is None else epoch.through_seq))
        finally:
            if connection.in_transaction:
                connection.execute("COMMIT")

    return asked


def _tallies(connection: sqlite3.Connection, question: str, stretch: Stretch, span: Span) -> list[Tally]:
    keys = connection.execute(_TOUCHED, {"first": stretch.from_seq, "last": stretch.through_seq}).fetchall()
    return [_tally(key, connection.execute(question, dict(key) | asdict(span)).fetchone(), span.end) for key in keys]


def _tally(key: sqlite3.Row, total: sqlite3.Row, version: int) -> Tally:
    return Tally(key_of(key), total["passages"], total["vehicles"], total["persons"], version)
