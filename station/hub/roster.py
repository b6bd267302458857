"""Who there is, and how each of them is doing."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from station.hub.stations import utc_text
from station.hub.sums import among, names
from station.messages import StationState

STALE = "stale"
STALE_SECONDS = 150  # a station that is there speaks every minute

_STATIONS = """
select stations.*,
  (select sum(highest_seq - through_seq) from epochs
   where station_id = stations.id and ifnull(stations.epoch_id, epochs.id) = epochs.id) as backlog,
  (select max(regressed) from epochs where station_id = stations.id) as regressed,
  (select json_group_array(json_object(
     'topic', topic, 'messages', messages, 'last_error', last_error, 'last_at', last_at))
   from bad_messages where station_id = stations.id) as bad
from stations where
"""


@dataclass(frozen=True, slots=True)
class StationRow:
    """``state`` is online, offline, lost, unknown, or stale: said to be online and silent. ``backlog`` is how many
    rows of the station's ledger are known to exist and are not stored here without a gap before them. ``regressed``:
    some ledger of the station went back to an earlier state, so an old card was put back. ``bad`` says for each topic
    how many messages could not be read, and why the last one could not. ``lists``: versions of the lists it holds."""

    id: str
    name: str
    levels: tuple[str, ...]
    lanes: tuple[str, ...]
    state: str
    last_seen: str | None
    backlog: int
    clock: str
    software: str
    lists: Mapping[str, int]
    regressed: bool
    bad_messages: int
    bad: tuple[Mapping[str, Any], ...]


def station_rows(
    connection: sqlite3.Connection, only: Collection[str] | None, district: str, zone: ZoneInfo, now: datetime
) -> list[StationRow]:
    """All stations by id, or the named ones. One that has not said where it is, is under the district."""
    rows = connection.execute(f"{_STATIONS} {among(only)} order by station", {"only": names(only)}).fetchall()
    silent = utc_text(now - timedelta(seconds=STALE_SECONDS))
    return [_station(row, silent, district, zone) for row in rows]


def _station(row: sqlite3.Row, silent: str, district: str, zone: ZoneInfo) -> StationRow:
    bad = tuple(json.loads(row["bad"]))
    seen = row["last_seen"]
    return StationRow(
        id=row["station"],
        name=row["name"],
        levels=tuple(json.loads(row["levels"])) or (district,),
        lanes=tuple(json.loads(row["lanes"])),
        state=STALE if row["state"] == StationState.ONLINE and seen < silent else row["state"],
        last_seen=datetime.fromisoformat(seen).astimezone(zone).isoformat(timespec="seconds") if seen else None,
        backlog=row["backlog"] or 0,
        clock=row["clock"],
        software=row["software"],
        lists=json.loads(row["lists"]),
        regressed=bool(row["regressed"]),
        bad_messages=sum(item["messages"] for item in bad),
        bad=bad,
    )
