"""How fast a lane's queue moves."""

from collections import deque
from collections.abc import Iterable

from station.domain.moment import Moment
from station.domain.passage import EntryType, Row

LOOKED_AT = 600.0
"""Seconds."""
_HOUR = 3600.0


class Pace:
    """Passages begun within the last ten minutes, so that one slow vehicle does not hide what the hour was like."""

    def __init__(self, rows: Iterable[Row], now: Moment) -> None:
        """:param rows: the lane's latest, first to last: after a restart the pace goes on."""
        self._begun = deque(row.entry.at.monotonic for row in rows if _begins(row) and row.entry.at.boot == now.boot)

    def note(self, row: Row) -> None:
        if _begins(row):
            self._begun.append(row.entry.at.monotonic)

    def per_hour(self, now: Moment) -> int:
        while self._begun and now.monotonic - self._begun[0] > LOOKED_AT:
            self._begun.popleft()
        return round(len(self._begun) * _HOUR / LOOKED_AT)


def _begins(row: Row) -> bool:
    return row.entry.type is EntryType.PASSAGE
