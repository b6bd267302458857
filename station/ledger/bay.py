"""Which passages stand aside by now, by number alone: told from rows as they are written, at a start by the table."""

import sqlite3

from station.domain import aside
from station.domain.passage import EntryType, Row
from station.ledger.schema import PASSAGES_ASIDE


class Bay:
    """One that was decided on stays until it is dropped, for it may be undone."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        found = connection.execute(PASSAGES_ASIDE).fetchall()
        self._waits: dict[int, bool] = {record["passage"]: True for record in found}

    def note(self, row: Row) -> None:
        """What a row, just written, says of its passage."""
        if row.entry.type is not EntryType.AMENDMENT:
            return
        if aside.since(row.entry):
            self._waits[row.passage] = aside.waits(row.entry)
        else:
            self.drop(row.passage)

    def drop(self, passage: int) -> None:
        self._waits.pop(passage, None)

    @property
    def passages(self) -> tuple[int, ...]:
        return tuple(self._waits)

    @property
    def waiting(self) -> int:
        """How many are still to be decided on."""
        return sum(self._waits.values())
