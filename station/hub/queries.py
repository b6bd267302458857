"""Read-only questions to the hub's store. Answers are JSON-ready; each is asked on a connection of its own."""

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from station.hub.periods import LOCAL, QUARTER, day_bounds, minutes_between, whole_minutes
from station.hub.reading import reading
from station.hub.roster import StationRow, station_rows
from station.hub.sums import COUNTED, FROM_TALLIES, SUMS
from station.hub.today import lanes_of_day

_GROUPS: Mapping[str, Mapping[str, str]] = {
    "lane": {"station": "stations.station", "lane": "tallies.lane"},
    "hour": {"hour": QUARTER},
    "day": {"day": QUARTER},
    "origin": {"origin": "tallies.origin"},
    "kind": {"kind": "tallies.kind"},
}
GROUPINGS = tuple(_GROUPS)
_IN_STATIONS = "stations.id in (select value from json_each(:stations))"


class UnknownLevel(LookupError):
    """No station is under this level."""


class Queries:
    def __init__(self, path: Path, district: str, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
        self._path = path
        self._district = district
        self.zone = zone
        self._now = now

    def stations(self, only: Collection[str] | None = None) -> list[StationRow]:
        """All stations by id, or the named ones."""
        with reading(self._path) as connection:
            return station_rows(connection, only, self._district, self.zone, self._now())

    def names(self) -> list[str]:
        """Every station by id."""
        with reading(self._path) as connection:
            return [row["station"] for row in connection.execute("select station from stations order by station")]

    def counts(self, path: tuple[str, ...], begin: datetime, end: datetime, by: str) -> dict[str, Any]:
        """Totals of every station under a level from ``begin`` to before ``end``, grouped ``by`` one of GROUPINGS.

        :raises UnknownLevel: there is no such level.
        """
        begin, end = whole_minutes(begin.astimezone(self.zone), end.astimezone(self.zone))
        first, last = minutes_between(begin, end)
        with reading(self._path) as connection:
            stations = json.dumps(self._under(connection, path))
            period = {"stations": stations, "begin": first, "end": last}
            rows = self._grouped(connection, by, period)
            boots = {"stations": stations, "begin": "boot:", "end": "boot;"}
            unknown = connection.execute(f"select {SUMS} {FROM_TALLIES} where {_IN_STATIONS}", boots).fetchone()
        return {
            "level": "/".join(path),
            "from": begin.isoformat(),
            "to": end.isoformat(),
            "rows": rows,
            "unknown_time": {name: unknown[name] or 0 for name in COUNTED},
        }

    def total_passages(self) -> int:
        """Every passage ever counted, of known and unknown time."""
        with reading(self._path) as connection:
            return int(connection.execute("select coalesce(sum(passages), 0) from tallies").fetchone()[0])

    def lanes_today(self, only: Collection[str] | None = None) -> dict[str, list[dict[str, Any]]]:
        """Each station's lanes with the counts of the local day."""
        begin, end = day_bounds(self._now(), self.zone)
        with reading(self._path) as connection:
            return lanes_of_day(connection, begin, end, only)

    def _grouped(self, connection: sqlite3.Connection, by: str, period: Mapping[str, str]) -> list[dict[str, Any]]:
        keys = _GROUPS[by]
        columns = ", ".join(f"{column} as {name}" for name, column in keys.items())
        numbers = ", ".join(str(position + 1) for position in range(len(keys)))
        found = connection.execute(
            f"select {columns}, {SUMS} {FROM_TALLIES} where {_IN_STATIONS} group by {numbers} order by {numbers}",
            period,
        )
        groups: dict[tuple[str, ...], dict[str, Any]] = {}
        for row in found:
            names = tuple(LOCAL[by](row[name], self.zone) if by in LOCAL else row[name] for name in keys)
            group = groups.setdefault(names, dict(zip(keys, names, strict=True)) | dict.fromkeys(COUNTED, 0))
            for name in COUNTED:
                group[name] += row[name]
        return [group for group in groups.values() if any(group[name] for name in COUNTED)]

    def _under(self, connection: sqlite3.Connection, path: tuple[str, ...]) -> list[int]:
        """Stations under a level. One whose state was never heard is under the district, so that it is not hidden."""
        root = (self._district,)
        rows = connection.execute("select id, levels from stations").fetchall()
        levels = {row["id"]: tuple(json.loads(row["levels"])) or root for row in rows}
        found = [station for station, names in levels.items() if path == root or names[: len(path)] == path]
        if not path or (not found and path != root):
            known = sorted({name[:1] for name in levels.values()} | {root})
            raise UnknownLevel(
                f"no station is under {'/'.join(path)!r}; levels start with {', '.join(name[0] for name in known)}"
            )
        return found
