"""Who there is, and how each of them is doing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.json import decode

from station.domain.levels import SEPARATOR
from station.domain.times import utc_text
from station.hub.database import Connection, Row
from station.hub.dead_letters import dead_letters_of
from station.hub.machines import SHARED_PERIOD
from station.hub.sums import among, names
from station.messages import MAX_ROW, StationState

STALE = "stale"
STALE_SECONDS = 150  # a station that is there speaks every minute

BACKLOG = f"case when highest_seq - through_seq > {MAX_ROW} then {MAX_ROW} else highest_seq - through_seq end"
"""No sum of these is more than a column takes, also of numbers from before there were bounds."""
_STATIONS = f"""
select stations.*, places.path as place,
  own.highest_seq - own.through_seq as own_backlog,
  (select sum({BACKLOG}) from epochs where station_id = stations.id) as all_backlog,
  (select max(regressed) from epochs where station_id = stations.id) as regressed,
  (select max(implausible) from epochs where station_id = stations.id) as implausible
from stations left join epochs as own on own.id = stations.epoch_id
left join places on places.station_id = stations.id and since <= :today and :today < until where
"""
_BAD = """
select station, topic, messages, last_error, last_at
from stations cross join bad_messages where bad_messages.station_id = stations.id and
"""


@dataclass(frozen=True, slots=True)
class StationRow:
    """``state`` is online, offline, lost, unknown, or stale: said to be online and silent. ``backlog`` is how many
    rows of the station's ledger are known to exist and are not stored here without a gap before them. ``regressed``:
    some ledger of the station went back to an earlier state, so an old card was put back. ``shared``: two machines use
    the station's name at a time; ``moved_at``: since when it is on another machine than before, if it was moved.
    ``bad`` says for each topic how many messages could not be read, and why the last one could not. ``implausible``:
    numbers are stored of it that no ledger can have, and totals may be frozen. ``set_aside``: messages that could not
    be stored, by topic and reason. ``faults`` are its own words for what is wrong with it, ``updates`` what
    became of its last releases, the newest last. ``stated_levels`` is where it says itself that it stands;
    ``misplaced``: the registry says otherwise, and holds."""

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
    shared: bool
    moved_at: str | None
    bad_messages: int
    bad: tuple[Mapping[str, Any], ...]
    implausible: bool = False
    set_aside: tuple[Mapping[str, Any], ...] = ()
    faults: tuple[str, ...] = ()
    updates: tuple[Mapping[str, Any], ...] = ()
    stated_levels: tuple[str, ...] = ()
    misplaced: bool = False


def station_rows(
    connection: Connection, only: Collection[str] | None, district: str, zone: ZoneInfo, now: datetime
) -> list[StationRow]:
    """All stations by id, or the named ones, where they stand today. One that nobody placed is under the district."""
    wanted, values = among(connection, only), names(connection, only)
    today = {"today": now.astimezone(zone).date().isoformat()}
    bad = defaultdict(list)
    for row in connection.execute(f"{_BAD} {wanted} order by station, topic", values):
        bad[row["station"]].append({name: row[name] for name in ("topic", "messages", "last_error", "last_at")})
    dead = defaultdict(list)
    for letter in dead_letters_of(connection, only):
        dead[letter.pop("station")].append(letter)
    silent = utc_text(now - timedelta(seconds=STALE_SECONDS))
    rows = connection.execute(f"{_STATIONS} {wanted} order by station", values | today)
    shared_since = utc_text(now - SHARED_PERIOD)
    return [
        _station(row, bad[row["station"]], dead[row["station"]], silent, shared_since, district, zone) for row in rows
    ]


def _local(utc: str, zone: ZoneInfo) -> str | None:
    return datetime.fromisoformat(utc).astimezone(zone).isoformat(timespec="seconds") if utc else None


def _station(
    row: Row,
    bad: Sequence[Mapping[str, Any]],
    dead: Sequence[Mapping[str, Any]],
    silent: str,
    shared_since: str,
    district: str,
    zone: ZoneInfo,
) -> StationRow:
    seen, stated = row["last_seen"], tuple(decode(row["levels"]))
    levels = tuple(row["place"].split(SEPARATOR)) if row["place"] else (district,)
    backlog = row["all_backlog"] if row["own_backlog"] is None else row["own_backlog"]
    return StationRow(
        id=row["station"],
        name=row["name"],
        levels=levels,
        lanes=tuple(decode(row["lanes"])),
        state=STALE if row["state"] == StationState.ONLINE and seen < silent else row["state"],
        last_seen=_local(seen, zone),
        backlog=min(backlog or 0, MAX_ROW),
        clock=row["clock"],
        software=row["software"],
        lists=decode(row["lists"]),
        regressed=bool(row["regressed"]),
        implausible=bool(row["implausible"]),
        set_aside=tuple(dead),
        shared=row["shared_at"] >= shared_since,
        moved_at=_local(row["moved_at"], zone),
        bad_messages=sum(item["messages"] for item in bad),
        bad=tuple(bad),
        faults=tuple(decode(row["faults"])),
        updates=tuple({**one, "at": _local(one["at"], zone)} for one in decode(row["updates"])),
        stated_levels=stated,
        misplaced=bool(stated) and stated[: len(levels)] != levels,
    )


def unknown_station(station: str, district: str, letter: Mapping[str, Any]) -> StationRow:
    """One of which nothing can be told but what is wrong with it."""
    return StationRow(
        id=station,
        name="",
        levels=(district,),
        lanes=(),
        state="unknown",
        last_seen=None,
        backlog=0,
        clock="",
        software="",
        lists={},
        regressed=False,
        shared=False,
        moved_at=None,
        bad_messages=0,
        bad=(),
        set_aside=(letter,),
    )
