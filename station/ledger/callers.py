"""Regular callers: plates that came more than once of late, found by how they begin.

Plates lie sealed on the disk. They are unsealed into memory when somebody first asks, row by row as rows are added, and
forgotten there with the oldest day that is looked at; what the ledger has forgotten cannot be unsealed any more.
"""

import sqlite3
import threading
from collections.abc import Sequence
from datetime import UTC, date, timedelta

from station.domain import by_hand
from station.domain.callers import Caller
from station.domain.moment import Moment
from station.domain.passage import Personal, Row
from station.ledger.reader import LedgerReader
from station.ledger.schema import OF_PASSAGES
from station.ledger.store import Ledger

REGULAR_FROM = 2
MOST = 4


_Visits = dict[int, Row]
"""A plate's passages, each as its last row says it: one shown again and again is one visit."""


class Callers:
    """Thread-safe. Reads on a connection of its own, so that it never holds up the lanes' writing."""

    def __init__(self, ledger: Ledger, days: int) -> None:
        """:param days: so many days back; 0 remembers nobody."""
        self._ledger, self._days = ledger, days
        self._lock = threading.Lock()
        self._reader = LedgerReader(ledger)
        self._plates: dict[str, _Visits] = {}
        self._read = 0

    def beginning_with(self, typed: str, now: Moment) -> list[Caller]:
        """The most frequent first."""
        if not self._days or not typed:
            return []
        with self._lock:
            self._catch_up(now)
            found = [visits for plate, visits in self._plates.items() if plate.startswith(typed)]
        regular = sorted((visits for visits in found if len(visits) >= REGULAR_FROM), key=len, reverse=True)
        return [_caller(visits) for visits in regular[:MOST]]

    def _catch_up(self, now: Moment) -> None:
        oldest = now.utc.astimezone(UTC).date() - timedelta(days=self._days)
        self._forget(oldest)
        for record in self._records(oldest):
            self._read = record["seq"]
            for row in self._ledger.rows([record], self._unsealed):
                if row.entry.personal.plate:
                    self._note(row)

    def _unsealed(self, record: sqlite3.Row) -> Personal:
        return self._ledger.sealer.unseal(record["sealed"]) or Personal()

    def _note(self, row: Row) -> None:
        """A registration that was taken back never was."""
        visits = self._plates.setdefault(row.entry.personal.plate, {})
        if row.entry.passages:
            visits[row.passage] = row
        else:
            visits.pop(row.passage, None)

    def _records(self, oldest: date) -> Sequence[sqlite3.Row]:
        return self._reader.all(
            f"SELECT * FROM ledger WHERE seq > ? AND at >= ? AND {OF_PASSAGES} ORDER BY seq",  # noqa: S608
            (self._read, oldest.isoformat()),
        )

    def _forget(self, oldest: date) -> None:
        for plate, visits in list(self._plates.items()):
            for passage in [number for number, row in visits.items() if row.entry.at.utc.date() < oldest]:
                del visits[passage]
            if not visits:
                del self._plates[plate]

    def close(self) -> None:
        with self._lock:
            self._reader.close()


def _caller(visits: _Visits) -> Caller:
    entry = visits[max(visits)].entry
    return Caller(
        plate=entry.personal.plate,
        traffic=entry.key.kind.value,
        persons=entry.persons,
        origin=entry.key.origin,
        destination=entry.personal.said.get(by_hand.DESTINATION, ""),
        visits=len(visits),
    )
