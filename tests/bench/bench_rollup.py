"""``rollup``: sums over a whole district and a month, from the summaries, beside the same sums over the tallies."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import disk
from hub_messages import SHANGHAI
from pairing import Laps, interleaved, ratio, sliced
from plan import Plan
from tables import Table

from station.domain.level_import import Plan as LevelPlan
from station.domain.levels import ALWAYS, Level, Placement, above
from station.domain.moment import minute_of
from station.hub.database import Database
from station.hub.level_registry import change_registry
from station.hub.local_hours import LocalHours
from station.hub.rollups import Question, by_level, rolled_up
from station.hub.segments import TALLIES
from station.hub.sqlite import SqliteDatabase
from station.hub.summaries import Summaries, write_marks
from station.hub.sums import COUNTED, SUMS

LANES, DAYS = 4, 30
FIRST = date(2026, 3, 1)
TIMES = ("09:01", "09:17", "09:44")
KINDS = ("car", "car", "car", "bus", "truck", "motorcycle")
ORIGINS = ("this_province", "this_province", "other_province", "risk_province")
OUTCOMES = ("granted", "granted", "granted", "granted", "held", "denied")
DISTRICT = "pingyuan"
STALE_ONE_IN = 20
WIDTHS = (3, 12, 60, 360, 2880)  # how many nodes there are at each level between the district and its stations
SUMMED, NAIVE = "from summaries", "naive: over the tallies"
COLUMNS = ("question", "way", "wall ms", "cpu ms", "naive / this (wall)")
QUESTIONS = (
    ("seven levels, every node, 30 days", "place", ""),
    ("the district by kind, 30 days", "kind", ""),
    ("the district by hour, 30 days", "", "hour"),
)


def measure(plan: Plan) -> list[Table]:
    with tempfile.TemporaryDirectory(dir=plan.folder, prefix="rollup-") as folder:
        database = SqliteDatabase(Path(folder))
        rows = filled(database, plan.rolled_up)
        Summaries(database, LocalHours(SHANGHAI)).settle()
        quiet = _race(database, plan.turns)
        with database.transaction() as connection:
            write_marks(connection, _touched_lately(plan.rolled_up))
        busy = _race(database, plan.turns)
        database.close()
    note = f"{plan.rolled_up:,} stations of {LANES} lanes, {DAYS} days, {rows:,} tallies, {disk.note(plan.folder)}"
    stale = f"one station in {STALE_ONE_IN} has an hour that is not summed up yet: taken from its tallies"
    return [
        _table("rollup: everything summed up", quiet, note),
        _table("rollup: while stations report", busy, note, stale),
    ]


def filled(database: Database, stations: int) -> int:
    """A tree of seven levels and a month of tallies, all marked. :return: how many tallies."""
    with database.transaction() as connection:
        change_registry(connection, _tree(stations))
        numbers = connection.execute("select id, station from stations order by station").fetchall()
        connection.executemany(
            "insert into epochs (id, station_id, epoch) values (:id, :id, '1')", [{"id": row["id"]} for row in numbers]
        )
    touched = {LocalHours(SHANGHAI).at(minute) for minute in _minutes()}
    for some in sliced((row["id"] for row in numbers), 100):
        with database.transaction() as connection:
            connection.merge(TALLIES, (row for epoch in some for row in _tallies(epoch)))
            write_marks(connection, ((epoch, hour) for epoch in some for hour in touched))
    return stations * LANES * len(_minutes())


def _tree(stations: int) -> LevelPlan:
    """Seven names each, and a station at every end."""
    placements = [
        Placement(f"s-{n:05}", ALWAYS, "/".join((DISTRICT, *(f"l{n % width}" for width in WIDTHS), f"s-{n:05}")))
        for n in range(stations)
    ]
    levels = {path: Level(path) for placement in placements for path in above(placement.path)}
    return LevelPlan(added=tuple(levels.values()), placed=tuple(placements))


def _minutes() -> list[str]:
    return [f"{FIRST + timedelta(days=day)}T{time}Z" for day in range(DAYS) for time in TIMES]


def _tallies(epoch: int) -> Iterator[tuple[Any, ...]]:
    for place, minute in enumerate(_minutes()):
        for lane in range(LANES):
            turn = epoch + place + lane
            words = (KINDS[turn % 6], ORIGINS[turn % 4], OUTCOMES[turn % 6 - turn % 2])
            yield (epoch, str(lane + 1), minute, *words, 3, 3, 7, 1)


def _touched_lately(stations: int) -> Iterator[tuple[int, Any]]:
    hour = LocalHours(SHANGHAI).at(_minutes()[-1])
    return ((epoch, hour) for epoch in range(1, stations + 1, STALE_ONE_IN))


def _race(database: Database, turns: int) -> list[tuple[str, dict[str, Laps]]]:
    """Both ways must say the same before either is timed."""
    found = []
    for name, split, step in QUESTIONS:
        ways = {way: partial(answer, database, split, step) for way, answer in WAYS.items()}
        assert ways[SUMMED]([0]) == ways[NAIVE]([0])
        found.append((name, interleaved(ways, [[0]] * turns)))
    return found


def summed(database: Database, split: str, step: str, _: Sequence[int] = ()) -> dict[Any, Any]:
    """As the hub answers it."""
    begin = datetime.combine(FIRST, time(), SHANGHAI)
    question = Question("", begin, begin + timedelta(days=DAYS), step, split)
    with database.reading() as connection:
        found = rolled_up(connection, question, LocalHours(SHANGHAI))
    return by_level(found) if split == "place" else found


def over_tallies(database: Database, split: str, step: str, _: Sequence[int] = ()) -> dict[Any, Any]:
    """One sum with the same joins; days and hours of Shanghai, which keeps its offset."""
    begin, end = (minute_of(datetime.combine(FIRST + timedelta(days=more), time(), SHANGHAI)) for more in (0, DAYS))
    key, group = {
        "place": ("min(places.path)", "places.station_id, places.since"),
        "kind": ("tallies.kind", "tallies.kind"),
        "": ("substr(tallies.minute, 1, 13) || ':00Z'", "substr(tallies.minute, 1, 13)"),
    }[split]
    with database.reading() as connection:
        rows = connection.execute(
            f"select {key} as k, {SUMS} from places cross join epochs cross join tallies"
            " where epochs.station_id = places.station_id and tallies.epoch_id = epochs.id"
            f" and tallies.minute >= :begin and tallies.minute < :end group by {group}",
            {"begin": begin, "end": end},
        )
        found = {(row["k"],): [row[name] for name in COUNTED] for row in rows}
    return by_level(found) if split == "place" else dict(sorted(found.items()))


WAYS = {SUMMED: summed, NAIVE: over_tallies}


def _table(title: str, found: list[tuple[str, dict[str, Laps]]], *notes: str) -> Table:
    rows = tuple(
        (name, way, laps[way].wall_median_ms, laps[way].cpu_median_ms, ratio(laps[NAIVE].wall, laps[way].wall))
        for name, laps in found
        for way in laps
    )
    return Table(title, COLUMNS, rows, notes)
