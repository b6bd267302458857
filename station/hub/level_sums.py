"""What may be asked about a level and a period: counts, curves, every level beneath, every station. JSON-ready."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from station.domain.levels import SEPARATOR
from station.hub.database import Connection, Readable
from station.hub.live_tree import UnknownLevel
from station.hub.local_hours import LocalHours
from station.hub.periods import local_hour, whole_minutes
from station.hub.rollup_sources import MINUTES, worded
from station.hub.rollups import Key, Question, Sums, by_level, rolled_up
from station.hub.sums import COUNTED

_GROUPS: Mapping[str, tuple[str, str]] = {
    "lane": ("", "lane"),
    "hour": ("hour", ""),
    "day": ("day", ""),
    "origin": ("", "origin"),
    "kind": ("", "kind"),
}
GROUPINGS = tuple(_GROUPS)
OUTCOMES = ("granted", "held", "denied")
_KNOWN = """
select path from levels where path = :path union select path from beneath where path = :path
"""


class LevelSums:
    def __init__(self, database: Readable, district: str, zone: ZoneInfo) -> None:
        self._database = database
        self._district = district
        self._zone = zone
        self._hours = LocalHours(zone)

    def counts(self, path: tuple[str, ...], begin: datetime, end: datetime, by: str, today: str) -> dict[str, Any]:
        """Totals from ``begin`` to before ``end``, grouped ``by`` one of GROUPINGS; what is of unknown time beside.

        :raises UnknownLevel: there is no such level.
        """
        begin, end = self._whole(begin, end)
        step, split = _GROUPS[by]
        with self._database.reading() as connection:
            level = self.level(connection, path)
            groups = rolled_up(connection, Question(level, begin, end, step, split), self._hours)
            unknown = self.unknown_time(connection, level, today)
        return {**self._about(path, begin, end), "rows": self._rows(groups, step, split), "unknown_time": unknown}

    def curve(
        self, path: tuple[str, ...], begin: datetime, end: datetime, step: str, split: str = ""
    ) -> dict[str, Any]:
        """Counts by hour or day, ``split`` by station, lane, kind, origin or outcome, or not at all. A step with no
        passage has no row; an outcome's rows count passages alone.

        :raises UnknownLevel: there is no such level.
        """
        begin, end = self._whole(begin, end)
        by = "" if split == "outcome" else split
        with self._database.reading() as connection:
            question = Question(self.level(connection, path), begin, end, step, by)
            rows = self._rows(rolled_up(connection, question, self._hours), step, by)
        if split == "outcome":
            rows = [
                {step: row[step], "outcome": name, "passages": row[name]}
                for row in rows
                for name in OUTCOMES
                if row[name]
            ]
        return {**self._about(path, begin, end), "step": step, "by": split, "rows": rows}

    def beside(
        self, path: tuple[str, ...], begin: datetime, end: datetime, step: str, split: str = ""
    ) -> dict[str, Any]:
        """A curve as ``now`` and the same days of the week before as ``then``, by the clock on the wall."""
        week = timedelta(days=7)
        begin, end = begin.astimezone(self._zone), end.astimezone(self._zone)
        return {
            "now": self.curve(path, begin, end, step, split),
            "then": self.curve(path, begin - week, end - week, step, split),
        }

    def every_level(self, path: tuple[str, ...], begin: datetime, end: datetime) -> dict[str, Any]:
        """A level and all beneath it, each with its sums. :raises UnknownLevel: there is no such level."""
        begin, end = self._whole(begin, end)
        with self._database.reading() as connection:
            level = self.level(connection, path)
            places = rolled_up(connection, Question(level, begin, end, "", "place"), self._hours)
        sums = by_level(places)
        top = SEPARATOR.join(path)
        sums[self._district] = sums.pop("")
        inside = {name: found for name, found in sums.items() if not level or f"{name}/".startswith(f"{top}/")}
        rows = [{"level": name, **_named(inside[name])} for name in sorted(inside)]
        return {**self._about(path, begin, end), "rows": rows}

    def every_station(self, path: tuple[str, ...], begin: datetime, end: datetime) -> dict[str, Any]:
        """Every station that counted anything under a level. :raises UnknownLevel: there is no such level."""
        begin, end = self._whole(begin, end)
        with self._database.reading() as connection:
            question = Question(self.level(connection, path), begin, end, "", "station")
            rows = self._rows(rolled_up(connection, question, self._hours), "", "station")
        return {**self._about(path, begin, end), "rows": rows}

    def _whole(self, begin: datetime, end: datetime) -> tuple[datetime, datetime]:
        return whole_minutes(begin.astimezone(self._zone), end.astimezone(self._zone))

    def _about(self, path: tuple[str, ...], begin: datetime, end: datetime) -> dict[str, Any]:
        return {"level": SEPARATOR.join(path), "from": begin.isoformat(), "to": end.isoformat()}

    def level(self, connection: Connection, path: tuple[str, ...]) -> str:
        """The level's path; empty for the district as a whole."""
        text = SEPARATOR.join(path)
        if path == (self._district,):
            return ""
        if not text or connection.execute(_KNOWN, {"path": text}).fetchone() is None:
            raise UnknownLevel(f"there is no level {text[:200]!r}; /api/v1/levels lists them")
        return text

    def unknown_time(self, connection: Connection, level: str, today: str) -> dict[str, int]:
        """By where the stations stand today, for the day is not known."""
        boots = {"path": level, "first": "boot:", "last": "boot;", "day": today}
        row = connection.execute(worded(MINUTES, level, "", ""), boots).fetchone()
        return {name: (row[name] or 0) if row else 0 for name in COUNTED}

    def _rows(self, groups: Mapping[Key, Sums], step: str, split: str) -> list[dict[str, Any]]:
        split_names = ("station", "lane") if split == "lane" else (split,) if split else ()
        names = (*((step,) if step else ()), *split_names)
        rows = []
        for key, sums in groups.items():
            row: dict[str, Any] = dict(zip(names, key, strict=True))
            if step == "hour":
                row["hour"] = local_hour(key[0], self._zone)
            rows.append(row | _named(sums))
        return rows


def _named(sums: Sums) -> dict[str, int]:
    return dict(zip(COUNTED, sums, strict=True))
