"""Read-only questions to the hub's store. Answers are JSON-ready; each is asked on a connection of its own."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from station.domain.levels import Level
from station.hub.database import Readable
from station.hub.level_registry import read_registry
from station.hub.level_sums import GROUPINGS, LevelSums
from station.hub.live_tree import UnknownLevel
from station.hub.periods import day_bounds
from station.hub.roster import StationRow, station_rows
from station.hub.today import lanes_of_day

__all__ = ["GROUPINGS", "Queries", "UnknownLevel"]


class Queries:
    def __init__(self, database: Readable, district: str, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
        self._database = database
        self.district = district
        self.zone = zone
        self._now = now
        self.sums = LevelSums(database, district, zone)

    def stations(self, only: Collection[str] | None = None) -> list[StationRow]:
        """All stations by id, or the named ones."""
        with self._database.reading() as connection:
            return station_rows(connection, only, self.district, self.zone, self._now())

    def names(self) -> list[str]:
        """Every station by id."""
        with self._database.reading() as connection:
            return [row["station"] for row in connection.execute("select station from stations order by station")]

    def counts(self, path: tuple[str, ...], begin: datetime, end: datetime, by: str) -> dict[str, Any]:
        """Totals of every station under a level from ``begin`` to before ``end``, grouped ``by`` one of GROUPINGS.

        :raises UnknownLevel: there is no such level.
        """
        today = self._now().astimezone(self.zone).date().isoformat()
        return self.sums.counts(path, begin, end, by, today)

    def levels(self) -> list[Level]:
        """What the registry holds, by path."""
        with self._database.reading() as connection:
            known = read_registry(connection).levels
        return [known[path] for path in sorted(known)]

    def total_passages(self) -> int:
        """Every passage ever counted, of known and unknown time."""
        with self._database.reading() as connection:
            found = connection.execute("select coalesce(sum(passages), 0) as passages from tallies").fetchone()
        return int(found["passages"])

    def lanes_today(self, only: Collection[str] | None = None) -> dict[str, list[dict[str, Any]]]:
        """Each station's lanes with the counts of the local day."""
        begin, end = day_bounds(self._now(), self.zone)
        with self._database.reading() as connection:
            return lanes_of_day(connection, begin, end, only)
