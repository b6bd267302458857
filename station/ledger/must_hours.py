"""The five musts done, by lane and local hour, as the hub is told them beside the tallies.

An hour's totals are computed when a segment is sent, from the ledger as it stands then, like its tallies. A day's would
be too many passages to look at every few seconds, a minute's too many rows for the hub to keep.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from station.domain.moment import minute_of
from station.domain.passage import Tally
from station.domain.passes import Must
from station.domain.sums import MustSums
from station.ledger.epochs import Span
from station.ledger.schema import OF_PASSAGES

_HOUR = timedelta(hours=1)
_OF_HOUR = f"lane = :lane AND minute >= :first AND minute < :last AND {OF_PASSAGES}"
_LAST_ROW = "SELECT max(seq) FROM ledger WHERE passage = row.passage"
_SUMS = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in ("passages", *Must))


def _counted(passages: str) -> str:
    done = (f"{passages} * (json_extract(evidence, '$.{must}') IS NOT NULL) AS {must}" for must in Must)
    return f"SELECT {passages} AS passages, {', '.join(done)} FROM ledger AS row"  # noqa: S608 - put together from constants


_TOTAL = f"""
SELECT {_SUMS} FROM (
  {_counted("passages")} WHERE {_OF_HOUR} AND passage >= :begin AND seq = ({_LAST_ROW} AND seq <= :end)
)
"""  # noqa: S608 - put together from constants
# What an epoch's amendments to passages from before it changed in an hour, as of a tally's.
_AMENDED = f"""
SELECT {_SUMS} FROM (
  {_counted("passages")} WHERE {_OF_HOUR} AND passage < :begin AND seq >= :begin AND seq = ({_LAST_ROW} AND seq <= :end)
  UNION ALL
  {_counted("-passages")} WHERE {_OF_HOUR} AND seq < :begin AND seq = ({_LAST_ROW} AND seq < :begin)
  AND EXISTS (SELECT 1 FROM ledger WHERE passage = row.passage AND seq BETWEEN :begin AND :end)
)
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class MustHour:
    """What of a lane's passages first decided in a local hour, which begins at the minute ``hour`` in UTC. ``version``
    as of a tally."""

    lane: str
    hour: str
    sums: MustSums
    version: int


def must_hours(reader: sqlite3.Connection, tallies: Iterable[Tally], zone: ZoneInfo, span: Span) -> list[MustHour]:
    """Totals so far of every lane and hour that these tallies lie in; minutes of unknown time lie in none."""
    return list(_hours(_TOTAL, reader, tallies, zone, span))


def amended_hours(reader: sqlite3.Connection, tallies: Iterable[Tally], zone: ZoneInfo, span: Span) -> list[MustHour]:
    """What amendments to passages of earlier epochs change in these hours, where they change anything."""
    if span.begin == 1:
        return []
    return [hour for hour in _hours(_AMENDED, reader, tallies, zone, span) if any(astuple(hour.sums))]


def _hours(
    question: str, reader: sqlite3.Connection, tallies: Iterable[Tally], zone: ZoneInfo, span: Span
) -> Iterator[MustHour]:
    touched = {(tally.key.lane, _begin(tally.key.minute, zone)) for tally in tallies if tally.key.minute < "boot:"}
    for lane, begin in sorted(touched):
        hour = {"lane": lane, "first": minute_of(begin), "last": minute_of(begin + _HOUR)}
        found = reader.execute(question, hour | asdict(span)).fetchone()
        yield MustHour(lane, hour["first"], MustSums(*found), span.end)


def _begin(minute: str, zone: ZoneInfo) -> datetime:
    """The local hour's first minute: days that are told from these hours are the station's own."""
    at = datetime.fromisoformat(minute).astimezone(zone)
    return datetime.fromisoformat(minute) - timedelta(minutes=at.minute)
