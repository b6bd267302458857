"""The five musts done, by lane and local hour, as the hub is told them beside the tallies.

An hour's totals are computed when a segment is sent, from the ledger as it stands then, like its tallies. A day's would
be too many passages to look at every few seconds, a minute's too many rows for the hub to keep.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from station.domain.moment import minute_of
from station.domain.passage import Tally
from station.domain.passes import Must
from station.domain.sums import MustSums
from station.ledger.schema import OF_PASSAGES

_HOUR = timedelta(hours=1)
_DONE = ", ".join(
    f"coalesce(sum(passages * (json_extract(evidence, '$.{must}') IS NOT NULL)), 0) AS {must}" for must in Must
)
_TOTAL = f"""
SELECT coalesce(sum(passages), 0) AS passages, {_DONE} FROM ledger AS row
WHERE lane = :lane AND minute >= :begin AND minute < :end AND {OF_PASSAGES}
AND seq = (SELECT max(seq) FROM ledger WHERE passage = row.passage)
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class MustHour:
    """What of a lane's passages first decided in a local hour, which begins at the minute ``hour`` in UTC. ``version``
    as of a tally."""

    lane: str
    hour: str
    sums: MustSums
    version: int


def must_hours(
    reader: sqlite3.Connection, tallies: Iterable[Tally], zone: ZoneInfo, version: int
) -> Iterator[MustHour]:
    """Totals so far of every lane and hour that these tallies lie in; minutes of unknown time lie in none."""
    touched = {(tally.key.lane, _begin(tally.key.minute, zone)) for tally in tallies if tally.key.minute < "boot:"}
    for lane, begin in sorted(touched):
        hour = {"lane": lane, "begin": minute_of(begin), "end": minute_of(begin + _HOUR)}
        yield MustHour(lane, hour["begin"], MustSums(*reader.execute(_TOTAL, hour).fetchone()), version)


def _begin(minute: str, zone: ZoneInfo) -> datetime:
    """The local hour's first minute: days that are told from these hours are the station's own."""
    at = datetime.fromisoformat(minute).astimezone(zone)
    return datetime.fromisoformat(minute) - timedelta(minutes=at.minute)
