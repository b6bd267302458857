"""A level's local day, gathered for its daily tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from station.domain.level_day import LevelDay, Line
from station.domain.levels import SEPARATOR, Level, above, parent
from station.domain.moment import minute_of
from station.domain.sums import MustSums, Publicity, Sums
from station.hub.board_days import IN_BUSES, publicity_of
from station.hub.crossing_days import crossings_of
from station.hub.database import Connection, Readable
from station.hub.level_registry import read_registry
from station.hub.level_sums import LevelSums
from station.hub.local_hours import LocalHours
from station.hub.must_hours import musts_of
from station.hub.rollups import Question, rolled_up

_STANDING = """
select stations.station as id, stations.name as name, places.path as path from places cross join stations
where stations.id = places.station_id and places.since <= :day and :day < places.until order by stations.station
"""


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of each station's day."""

    sums: Mapping[str, Sums]
    crossed: Mapping[str, tuple[int, int]]
    musts: Mapping[str, MustSums]
    publicity: Mapping[str, Publicity]


class LevelDays:
    def __init__(self, database: Readable, district: str, zone: ZoneInfo, sums: LevelSums) -> None:
        self._database = database
        self._district = district
        self._zone = zone
        self._sums = sums
        self._hours = LocalHours(zone)

    def of(self, path: tuple[str, ...], day: date) -> LevelDay:
        """:raises UnknownLevel: there is no such level."""
        begin = datetime.combine(day, time(), self._zone)
        end = datetime.combine(day + timedelta(days=1), time(), self._zone)
        with self._database.reading() as connection:
            level = self._sums.level(connection, path)
            titles = read_registry(connection).levels
            standing = list(self._standing(connection, level, day))

            def sums(step: str, split: str) -> dict[str, Sums]:
                groups = rolled_up(connection, Question(level, begin, end, step, split), self._hours)
                return {key[0]: Sums(*counts) for key, counts in groups.items()}

            hours, by_station = sums("hour", ""), sums("", "station")
            kinds, origins = sums("", "kind"), sums("", "origin")
            told = _Told(
                by_station,
                crossings_of(connection, day.isoformat()),
                musts_of(connection, [one["id"] for one in standing], minute_of(begin), minute_of(end)),
                publicity_of(connection, day.isoformat()),
            )
            unknown = self._sums.unknown_time(connection, level, day.isoformat())
        top = SEPARATOR.join(path)
        return LevelDay(
            day=day,
            level=_together(titles.get(top, Level(top)), (one["id"] for one in standing), told),
            levels=tuple(self._beneath(top, standing, titles, told)),
            stations=tuple(_line(one["id"], one["name"], told) for one in standing),
            hours={self._local(hour): found for hour, found in hours.items()},
            kinds=kinds,
            origins=origins,
            buses=told.publicity.get(IN_BUSES, Publicity()) if path == (self._district,) else Publicity(),
            unknown_time=unknown["passages"],
        )

    def _standing(self, connection: Connection, level: str, day: date) -> Iterable[Any]:
        """Stations that stand at a level or beneath it on a day, with the path."""
        for row in connection.execute(_STANDING, {"day": day.isoformat()}):
            if not level or f"{row['path']}{SEPARATOR}".startswith(f"{level}{SEPARATOR}"):
                yield row

    def _beneath(self, top: str, standing: Iterable[Any], titles: Mapping[str, Level], told: _Told) -> Iterable[Line]:
        """Each level right beneath, whether a station stands under it or not; first what stands at the level itself."""
        depth = top.count(SEPARATOR) + 1
        found: dict[str, list[str]] = {path: [] for path in titles if parent(path) == top}
        for one in standing:
            found.setdefault(self._next(one["path"], depth, top), []).append(one["id"])
        if set(found) == {top}:
            return
        for path in sorted(found):
            yield _together(titles.get(path, Level(path)), found[path], told)

    def _next(self, path: str, depth: int, top: str) -> str:
        """The level right beneath by which one comes to ``path``. The district holds what says it belongs elsewhere."""
        chain = list(above(path)) if path else [top]
        if chain[0] != self._district:
            chain.insert(0, self._district)
        return chain[depth] if len(chain) > depth else top

    def _local(self, hour: str) -> str:
        return f"{datetime.fromisoformat(hour).astimezone(self._zone):%H}"


def _line(station: str, name: str, told: _Told) -> Line:
    crossings, unmatched = told.crossed.get(station, (None, None))
    publicity = told.publicity.get(station, Publicity())
    return Line(
        station, name, name, told.sums.get(station, Sums()), crossings, unmatched, told.musts.get(station), publicity
    )


def _together(level: Level, stations: Iterable[str], told: _Told) -> Line:
    """``crossings`` and ``musts`` are of the stations of which the hub was told any."""
    lines = [_line(station, station, told) for station in stations]
    crossed = [(line.crossings, line.unmatched) for line in lines if line.crossings is not None]
    crossings, unmatched = (sum(column) for column in zip(*crossed, strict=True)) if crossed else (None, None)
    musts = [line.musts for line in lines if line.musts is not None]
    return Line(
        level.name,
        level.zh or level.name,
        level.en or level.name,
        sum((line.sums for line in lines), Sums()),
        crossings,
        unmatched,
        sum(musts, MustSums()) if musts else None,
        sum((line.publicity for line in lines), Publicity()),
    )
