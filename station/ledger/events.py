"""Event rows read back, and how far the hub has stored them: a cursor over the ledger, no second queue."""

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from station.domain.crossing_rows import account_of
from station.domain.event_rows import Recorded, names
from station.domain.events import EVENTS, Event
from station.domain.passage import Row
from station.domain.times import parse_time
from station.ledger.reader import LedgerReader
from station.ledger.schema import of_kinds
from station.ledger.store import Ledger

TOLD_TO_THE_HUB = tuple(kind for kind in EVENTS if kind.TOPIC is not None)
_NO_LIMIT = -1


class Events:
    """Reads on a connection of its own, so that it never holds up the lanes' writing. Thread-safe."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._reader = LedgerReader(ledger)

    def of(self, kinds: Collection[type[Event]], after: int = 0, most: int = _NO_LIMIT) -> list[Recorded]:
        """Events of these kinds behind row ``after``, first to last; sealed text that is forgotten comes empty."""
        found = self._find(of_kinds(kinds) + " AND seq > ? ORDER BY seq LIMIT ?", (*names(kinds), after, most))
        return self._ledger.events(found)

    def undecided_crossings(self, after: int) -> list[Row]:
        """Crossings behind row ``after`` that nobody had decided on, first to last."""
        found = self._find("type = 'crossing' AND seq > ? ORDER BY seq", (after,))
        rows = self._ledger.rows(found)
        return [row for row in rows if (account := account_of(row.entry)) is not None and account.without_decision]

    def latest_trusted(self) -> datetime | None:
        """When the last row was written whose time could be believed: the time has come at least so far."""
        found = self._find("trusted = 1 ORDER BY seq DESC LIMIT 1", ())
        return parse_time(found[0]["at"]) if found else None

    @property
    def head(self) -> int:
        """The number of the ledger's last row."""
        return self._ledger.head

    # What the hub has

    @property
    def acked(self) -> int:
        """The row of the last event that, with all before it, the hub has said it stored."""
        found = self._reader.one("SELECT value FROM meta WHERE key = 'events_acked'")
        return int(found["value"]) if found else 0

    def acked_through(self, row: int) -> int:
        """The row of the last such event up to ``row``; 0 if there is none."""
        condition = of_kinds(TOLD_TO_THE_HUB) + " AND seq <= ? ORDER BY seq DESC LIMIT 1"
        found = self._find(condition, (*names(TOLD_TO_THE_HUB), min(row, self.acked)))
        return int(found[0]["seq"]) if found else 0

    def waiting(self, most: int) -> list[Recorded]:
        """The first of those that the hub has not said it stored."""
        return self.of(TOLD_TO_THE_HUB, self.acked, most)

    def acknowledge(self, row: int) -> None:
        """The hub has every event up to ``row``. :raises LedgerUnwritable: not noted; it is offered again."""
        self._ledger.note("UPDATE meta SET value = max(value, ?) WHERE key = 'events_acked'", (row,))

    def reopen(self, row: int, window: int) -> None:
        """The hub has nothing behind ``row``: it lost what it had. Of what was under way together with that event some
        may be lost too, so the ``window`` before it is offered again as well.

        :raises LedgerUnwritable: not noted; the hub asks again.
        """
        found = self._find(
            of_kinds(TOLD_TO_THE_HUB) + " AND seq <= ? ORDER BY seq DESC LIMIT 1 OFFSET ?",
            (*names(TOLD_TO_THE_HUB), row, window),
        )
        before = found[0]["seq"] if found else 0
        self._ledger.note("UPDATE meta SET value = min(value, ?) WHERE key = 'events_acked'", (before,))

    def close(self) -> None:
        self._reader.close()

    def _find(self, condition: str, values: Sequence[str | int]) -> list[sqlite3.Row]:
        return self._reader.all(f"SELECT * FROM ledger WHERE {condition}", values)  # noqa: S608
