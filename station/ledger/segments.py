"""The outbox's side of the ledger: stretches of rows cut into numbered segments, and the tallies they touch.

A segment is only a stretch of row numbers. Its tallies are computed when it is sent, from the ledger as it stands
then: each is the key's total so far with the ledger's head as its version, so a segment sent again says what
is true now, and the hub keeps whichever statement is newest.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from station.domain.event_rows import ID_BYTES
from station.domain.passage import Tally
from station.ledger.must_hours import MustHour, must_hours
from station.ledger.reader import LedgerReader
from station.ledger.rows import key_of
from station.ledger.schema import OF_PASSAGES
from station.ledger.store import Ledger

T = TypeVar("T")

MOST_ROWS = 20_000

# After the hub's last segment: what of ours it has not acknowledged loses its numbers, and the numbers up to the hub's
# stay as segments without rows, so that it may ask for them again.
_FILL = """
WITH RECURSIVE number(segment) AS (
  SELECT coalesce(max(segment), 0) + 1 FROM segments UNION ALL SELECT segment + 1 FROM number WHERE segment < :last
)
INSERT INTO segments
SELECT segment, ended + 1, ended FROM number, (SELECT coalesce(max(through_seq), 0) AS ended FROM segments)
"""

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
_TOTAL = """
SELECT
  coalesce(sum(passages), 0) AS passages,
  coalesce(sum(vehicles), 0) AS vehicles,
  coalesce(sum(persons), 0) AS persons
FROM ledger AS row
WHERE lane = :lane AND minute = :minute AND kind = :kind AND origin = :origin AND outcome = :outcome
AND seq = (SELECT max(seq) FROM ledger WHERE passage = row.passage)
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows ``from_seq`` to ``through_seq``, both included; none where ``through_seq`` is the smaller. Segments are
    numbered from 1 without gaps."""

    segment: int
    from_seq: int
    through_seq: int


class Segments:
    """Reads on a connection of its own, so that a long computation never holds up the lanes' writing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._reader = LedgerReader(ledger)

    @property
    def epoch(self) -> int:
        return self._ledger.epoch

    @property
    def known(self) -> bool:
        """Whether the ledger can be read; else nothing is known of what the hub has."""
        return self._ledger.known

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

    def id_of(self, stretch: Stretch) -> str:
        """With the beginning of its last row's hash: rows that took the same numbers in an old card have another."""
        row = self._reader.one("SELECT hash FROM ledger WHERE seq = ?", (stretch.through_seq,))
        return f"{stretch.segment}-{row['hash'][:ID_BYTES].hex()}" if row else f"{stretch.segment}"

    def cut(self, draft: Callable[[Stretch], T], fits: Callable[[T], bool]) -> T | None:
        """Number the next stretch of rows, as long as its ``draft`` fits.

        :return: the draft; None when there are no rows left.
        :raises LedgerUnwritable: the number could not be written down.
        """
        last = self.last()
        number, begin = (last.segment + 1, last.through_seq + 1) if last else (1, 1)
        rows = min(self._ledger.head + 1 - begin, MOST_ROWS)
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

    def continue_after(self, segment: int) -> None:
        """The hub has segments of this epoch that this ledger never sent: an old card was put back. Number on behind
        them, beginning with the rows that the hub has not acknowledged.

        Safe at every step: what was renumbered only in part is offered under its old numbers and comes here again.
        """
        self._ledger.note("DELETE FROM segments WHERE segment > (SELECT value FROM meta WHERE key = 'acked')", ())
        self._ledger.note(_FILL, {"last": segment})
        self._ledger.note("UPDATE meta SET value = ? WHERE key = 'acked'", (segment,))

    def reopen(self, segment: int) -> None:
        """The hub asks again from ``segment`` on: it lost what it had acknowledged."""
        self._ledger.note("UPDATE meta SET value = min(value, ?) WHERE key = 'acked'", (max(0, segment - 1),))

    def next_connection(self) -> int:
        """Count one more connection to the broker. :raises LedgerUnwritable: it could not be written down."""
        self._ledger.note("UPDATE meta SET value = value + 1 WHERE key = 'conn'", ())
        return self._meta("conn")

    def tallies(self, stretch: Stretch) -> list[Tally]:
        """Totals so far of every key the stretch touches, 0 where an amendment emptied the key."""
        with_version = _at_a_moment(lambda connection, version: list(_tallies(connection, stretch, version)))
        return self._reader.ask(with_version)

    def musts(self, tallies: Iterable[Tally]) -> list[MustHour]:
        """The musts done so far in every hour that these tallies lie in."""
        zone = self._ledger.zone
        with_version = _at_a_moment(lambda connection, version: list(must_hours(connection, tallies, zone, version)))
        return self._reader.ask(with_version)

    def close(self) -> None:
        self._reader.close()

    def _meta(self, key: str) -> int:
        found = self._reader.one("SELECT value FROM meta WHERE key = ?", (key,))
        return int(found["value"]) if found else 0

    def _one(self, query: str, values: tuple[int, ...]) -> Stretch | None:
        found = self._reader.one(query, values)
        return Stretch(found["segment"], found["from_seq"], found["through_seq"]) if found else None


def _at_a_moment(question: Callable[[sqlite3.Connection, int], T]) -> Callable[[sqlite3.Connection], T]:
    """A question to the ledger as it stands, with its version: it must not be newer than the totals."""

    def asked(connection: sqlite3.Connection) -> T:
        connection.execute("BEGIN")
        try:
            return question(connection, connection.execute("SELECT coalesce(max(seq), 0) FROM ledger").fetchone()[0])
        finally:
            if connection.in_transaction:
                connection.execute("COMMIT")

    return asked


def _tallies(connection: sqlite3.Connection, stretch: Stretch, version: int) -> Iterator[Tally]:
    for key in connection.execute(_TOUCHED, {"first": stretch.from_seq, "last": stretch.through_seq}).fetchall():
        total = connection.execute(_TOTAL, dict(key)).fetchone()
        yield Tally(key_of(key), total["passages"], total["vehicles"], total["persons"], version)
