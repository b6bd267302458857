"""The local day's counts of each lane: what the live frame says, and what is stored of ledgers it says nothing of."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from msgspec.json import decode

from station.hub.database import Connection
from station.hub.periods import minutes_between
from station.hub.sums import COUNTED, FROM_TALLIES, SUMS, among, names

_FRAMES = """
select station, stations.lanes as named, live.lanes as counted
from stations left join live on live.station_id = stations.id and live.day = :today where
"""
_STORED = f"""
select station, tallies.lane as lane, {SUMS} {FROM_TALLIES}
not exists (
  select 1 from live where live.station_id = stations.id and live.epoch_id = epochs.id and live.day = :today) and
"""

Counts = dict[str, Any]


def lanes_of_day(
    connection: Connection, begin: datetime, end: datetime, only: Collection[str] | None
) -> dict[str, list[Counts]]:
    """Lanes of all stations or of the named ones; ``begin`` to ``end`` is one local day."""
    first, last = minutes_between(begin, end)
    wanted, values = among(connection, only), names(connection, only)
    today = values | {"today": begin.date().isoformat()}
    period = today | {"begin": first, "end": last}
    lanes = {
        station: _lanes(decode(named), decode(counted or "{}"))
        for station, named, counted in connection.tuples(f"{_FRAMES} {wanted}", today)
    }
    for row in connection.execute(f"{_STORED} {wanted} group by 1, 2", period):
        counts = lanes[row["station"]].setdefault(row["lane"], _no_counts(row["lane"]))
        for name in COUNTED:
            counts[name] += row[name]
    return {station: [counts for _, counts in sorted(found.items())] for station, found in lanes.items()}


def _lanes(named: Collection[str], counted: Mapping[str, Counts]) -> dict[str, Counts]:
    lanes = {
        lane: {"lane": lane, "passages": counts["granted"] + counts["held"] + counts["denied"], **counts}
        for lane, counts in counted.items()
    }
    return lanes | {lane: _no_counts(lane) for lane in named if lane not in counted}


def _no_counts(lane: str) -> Counts:
    return {"lane": lane, **dict.fromkeys((*COUNTED, "crossings", "unmatched"), 0), "last_at": ""}
