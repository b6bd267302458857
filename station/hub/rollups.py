"""Sums over any level and any period: whole days and hours from the summaries, the rest from the tallies themselves.

Hours that are marked as stale are taken out of the summaries and put in from the tallies, inside the one snapshot of an
answer; so every answer is exactly what a sum over all tallies would be. Each day counts where a station stood that day.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import add, itemgetter, sub

from station.domain.levels import SEPARATOR, parent
from station.domain.moment import minute_of
from station.hub.database import Connection
from station.hub.local_hours import LocalHours
from station.hub.rollup_sources import (
    DAYS,
    HOURS,
    MINUTES,
    RUNNING,
    STALE_SUMS,
    STALE_TALLIES,
    Source,
    grain_of,
    keys_of,
    worded,
)
from station.hub.sums import COUNTED

Key = tuple[str, ...]
Sums = list[int]
"""In the order of ``COUNTED``."""
_NOTHING = [0] * len(COUNTED)


@dataclass(frozen=True, slots=True)
class Question:
    """``path`` is the level; empty for the whole district. The period is of whole minutes. ``step`` is hour, day or
    empty; ``split`` is station, place, lane, kind, origin or empty. Keys are the step's, then the split's; an hour is
    named by its first minute, a lane by its station and itself."""

    path: str
    begin: datetime
    end: datetime
    step: str = ""
    split: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the period from one source; ``day`` and ``hour`` where it lies within one."""

    source: Source
    first: str
    last: str
    day: str = ""
    hour: str = ""


def rolled_up(connection: Connection, question: Question, hours: LocalHours) -> dict[Key, Sums]:
    """Sums by key, in the order of the keys; what counts nothing is left out."""
    groups: dict[Key, Sums] = {}
    for piece in _pieces(question, hours):
        for key, counts in _read(connection, question, piece):
            change = sub if piece.source.sign < 0 else add
            groups[key] = list(map(change, groups.get(key, _NOTHING), counts))
    return {key: groups[key] for key in sorted(groups) if any(groups[key])}


def by_level(places: dict[Key, Sums]) -> dict[str, Sums]:
    """Sums by place carried up to every level above it; the district as a whole is the empty path."""
    depths: defaultdict[int, dict[str, Sums]] = defaultdict(dict)
    for (path,), sums in places.items():
        depths[_depth(path)][path] = sums
    levels = {}
    for depth in range(max(depths, default=0), 0, -1):
        for path, sums in depths[depth].items():
            levels[path] = sums
            above, up = parent(path), depths[depth - 1]
            up[above] = list(map(add, up[above], sums)) if above in up else sums
    return levels | {"": depths[0].get("", [0] * len(COUNTED))}


def _depth(path: str) -> int:
    return path.count(SEPARATOR) + 1 if path else 0


def _pieces(question: Question, hours: LocalHours) -> Iterator[_Piece]:
    """Minutes up to the first whole hour, hours up to the first whole day, days, and down again."""
    begin, end = minute_of(question.begin), minute_of(question.end)
    first, last = hours.at(begin), hours.at(end)
    whole = begin if first.begin == begin else first.until
    if whole > last.begin:
        yield _Piece(MINUTES, begin, end, first.day, first.begin)
        return
    if begin < whole:
        yield _Piece(MINUTES, begin, whole, first.day, first.begin)
    if last.begin < end:
        yield _Piece(MINUTES, last.begin, end, last.day, last.begin)
    if whole < last.begin:
        yield from _whole_hours(question.step, grain_of(question.split), hours, whole, last.begin)
        yield _Piece(STALE_SUMS, whole, last.begin)
        yield _Piece(STALE_TALLIES, whole, last.begin)


def _whole_hours(step: str, grain: str, hours: LocalHours, begin: str, end: str) -> Iterator[_Piece]:
    first, last = hours.first_day(begin), hours.at(end).day
    if step == "hour" or first >= last:
        yield _Piece(HOURS, begin, end)
        return
    morning, night = hours.bounds(first)[0], hours.bounds(last)[0]
    if begin < morning:
        yield _Piece(HOURS, begin, morning)
    yield _Piece(RUNNING if not step and grain == "all" else DAYS, first, last)
    if night < end:
        yield _Piece(HOURS, night, end)


def _read(connection: Connection, question: Question, piece: _Piece) -> Iterator[tuple[Key, tuple[int, ...]]]:
    step, split = question.step, question.split
    named = {"hour": piece.source.hour, "day": piece.source.day, "": ""}[step]
    within = () if named or not step else ((piece.hour if step == "hour" else piece.day),)
    values = {
        "path": question.path,
        "grain": grain_of(split),
        "first": piece.first,
        "last": piece.last,
        "day": piece.day,
    }
    keys = len(keys_of(piece.source, step, split))
    columns = itemgetter(*(f"k{place}" for place in range(keys)), *COUNTED)
    for row in connection.execute(worded(piece.source, question.path, step, split), values):
        found = columns(row)
        yield (*within, *found[:keys]), found[keys:]
