"""Sums of tallies by local hour and day, so that a month of a whole district is answered at once.

They are exact by construction, and the collector does nothing for them but leave marks: the transaction that stores
tallies also marks the hours they lie in as stale. A marked hour is summed anew from its tallies, whole, and its day
from the hours; nothing is ever added to a sum. Until that is done an answer takes the marked hours from the tallies
themselves (``rollups``), so that it never depends on how far this work has come.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from station.domain.moment import minute_of
from station.hub.database import Connection, Database, Merge, Row, StoreUnwritable
from station.hub.kept import kept_since
from station.hub.local_hours import Hour, LocalHours
from station.hub.places import settle_missing
from station.hub.rollup_sources import GRAINS
from station.hub.sums import COUNTED, SUMS
from station.messages import Segment

IDLE_SECONDS = 1.0
ROUND_SECONDS = 30.0  # an hour that goes on is marked again every few seconds, and each time summed up whole
WORK_SECONDS = 0.03  # about a transaction's length: whoever stores waits no longer than this
REST = 4  # times as long as it worked, it rests; so the collector has the store for most of the time
FEWEST, MOST = 8, 4096  # hours at a time
_BEGINNING = {"epoch": 0, "hour": ""}

_COLUMNS = ", ".join(COUNTED)
_SUMMED = ", ".join(f"sum({column}) as {column}" for column in COUNTED)
_HOLD = ", ".join(f"{column} = excluded.{column}" for column in COUNTED)
# Of an hour whose tallies were forgotten a station may offer some again, and a part is not put for the whole.
_HOLD_HOURS = ", ".join(
    f"{column} = case when hour_sums.hour >= :since or excluded.{column} > hour_sums.{column}"
    f" then excluded.{column} else hour_sums.{column} end"
    for column in COUNTED
)
_MARKS = Merge("stale_hours", ("epoch_id", "hour"), ("until", "day"))
_ZONE = "select zone from summary_zone where id = 1"
_OLDEST = "select min(minute) as minute from tallies where minute >= :since"
_QUARTERS = """
select distinct substr(minute, 1, 14) || case
  when substr(minute, 15, 2) < '15' then '00' when substr(minute, 15, 2) < '30' then '15'
  when substr(minute, 15, 2) < '45' then '30' else '45' end as quarter
from tallies where epoch_id = :id and minute < 'boot:'
"""
_STALE = """
select epoch_id, hour, day from stale_hours where (epoch_id, hour) > (:epoch, :hour)
order by epoch_id, hour limit :most
"""
_SUM_HOURS = f"""
insert into hour_sums (epoch_id, grain, hour, value, day, {_COLUMNS})
with counted as materialized (
  select stale_hours.epoch_id as epoch_id, stale_hours.hour as hour, stale_hours.day as day, lane, kind, origin, {SUMS}
  from stale_hours cross join tallies
  where (stale_hours.epoch_id, stale_hours.hour) > (:epoch, :hour)
    and (stale_hours.epoch_id, stale_hours.hour) <= (:last_epoch, :last_hour)
    and tallies.epoch_id = stale_hours.epoch_id
    and tallies.minute >= stale_hours.hour and tallies.minute < stale_hours.until
  group by stale_hours.epoch_id, stale_hours.hour, stale_hours.day, lane, kind, origin)
select epoch_id, 'all', hour, '', day, {_SUMMED} from counted group by epoch_id, hour, day
{
    "".join(
        f"union all select epoch_id, '{grain}', hour, {grain}, day, {_SUMMED} from counted"
        f" group by epoch_id, hour, day, {grain} "
        for grain in GRAINS
    )
}
on conflict (epoch_id, grain, hour, value) do update set day = excluded.day, {_HOLD_HOURS}
"""
_SUM_DAY = f"""
insert into day_sums (epoch_id, grain, day, value, {_COLUMNS})
select epoch_id, grain, :day, value, {_SUMMED} from hour_sums
where epoch_id = :epoch and grain in ('all', 'lane', 'kind', 'origin')
  and hour >= :begin and hour < :end and day = :day group by epoch_id, grain, value
on conflict (epoch_id, grain, day, value) do update set {_HOLD}
"""
# From the first changed day on: what ran up to the day before, and the days since.
_RUN = f"""
insert into running_sums (epoch_id, day, {_COLUMNS})
with before as (
  select {_COLUMNS} from running_sums where epoch_id = :epoch and day < :day order by day desc limit 1)
select day_sums.epoch_id, day_sums.day, {
    ", ".join(
        f"coalesce((select {column} from before), 0) + sum(day_sums.{column}) over (order by day_sums.day)"
        for column in COUNTED
    )
}
from day_sums where epoch_id = :epoch and grain = 'all' and day >= :day
on conflict (epoch_id, day) do update set {_HOLD}
"""
_BEGIN_RUN = f"""
insert into running_sums (epoch_id, day, {_COLUMNS}) values (:epoch, '', {", ".join("0" for _ in COUNTED)})
on conflict (epoch_id, day) do nothing
"""
_FORGET = "delete from stale_hours where epoch_id = :epoch_id and hour = :hour"


def mark_stale(connection: Connection, segments: Iterable[tuple[int, Segment]], hours: LocalHours) -> None:
    """Mark every hour that segments touch, in the transaction that stores their tallies. A mark that is there already
    is written again, so that a hub which sums up that hour meanwhile waits for this transaction and then sees it."""
    touched = {
        (epoch, hour)
        for epoch, segment in segments
        for hour in map(hours.of, {tally.minute for tally in segment.tallies})
    }
    write_marks(connection, touched)


def write_marks(connection: Connection, touched: Iterable[tuple[int, Hour | None]]) -> None:
    connection.merge(_MARKS, [(epoch, *hour) for epoch, hour in touched if hour is not None])


class Summaries:
    """Sums up what is marked, a little at a time; several hubs take turns. ``step`` is for a thread of its own."""

    def __init__(self, database: Database, hours: LocalHours, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._hours = hours
        self._monotonic = monotonic
        self._after: dict[str, Any] = _BEGINNING
        self._most = FEWEST
        self._round_from = -ROUND_SECONDS
        self._pause = threading.Event()  # never set: only waited on

    def prepare(self) -> None:
        """Before anything is asked: stations that nobody placed yet are placed; and where days were those of another
        time zone, or nothing was summed up yet, every hour is marked.

        :raises StoreUnwritable: nothing is changed.
        """
        zone = self._hours.zone.key
        with self._database.transaction() as connection:
            settle_missing(connection)
            if self._held_zone(connection) != zone:
                self._begin_anew(connection)
                connection.execute("update summary_zone set zone = :zone where id = 1", {"zone": zone})

    def step(self) -> None:
        """While the store cannot be written there is nothing to do: its health says so, and marks stay."""
        began = self._monotonic()
        if self._after == _BEGINNING:
            if began - self._round_from < ROUND_SECONDS:
                self._pause.wait(IDLE_SECONDS)
                return
            self._round_from = began
        try:
            busy = self.sum_some()
        except StoreUnwritable:
            busy = False
        rest = REST * (self._monotonic() - began) if busy else IDLE_SECONDS
        self._pause.wait(min(rest, IDLE_SECONDS))

    def settle(self) -> None:
        """Sum up all that is marked now."""
        while self.sum_some() or self.sum_some():
            pass

    def sum_some(self) -> bool:
        """Sum up marked hours for a moment, from where it stopped the last time. False at the end of a round.

        :raises StoreUnwritable: none of these is summed up.
        """
        began = self._monotonic()
        with self._database.transaction() as connection:
            self._held_zone(connection)
            some = self._after | {"most": self._most}
            marks = connection.execute(f"{_STALE} {connection.for_update}", some).fetchall()
            if marks:
                last = {"last_epoch": marks[-1]["epoch_id"], "last_hour": marks[-1]["hour"]}
                connection.execute(_SUM_HOURS, self._after | last | {"since": kept_since(connection)})
                self._sum_days(connection, marks)
                connection.executemany(_FORGET, [dict(mark) for mark in marks])
        self._after = {"epoch": marks[-1]["epoch_id"], "hour": marks[-1]["hour"]} if marks else _BEGINNING
        took = self._monotonic() - began
        if took > WORK_SECONDS:
            self._most = max(FEWEST, self._most // 2)
        elif len(marks) == self._most:
            self._most = min(MOST, self._most * 2)
        return bool(marks)

    def _held_zone(self, connection: Connection) -> str:
        """Until the end of the transaction other hubs wait for their turn."""
        return str(connection.execute(f"{_ZONE} {connection.for_update}").fetchone()["zone"])

    def _begin_anew(self, connection: Connection) -> None:
        """Sums from before the oldest tally that is kept stay, but for the hour and the day that hold it."""
        # What came late of months before lies alone where all else is forgotten.
        kept = connection.execute(_OLDEST, {"since": kept_since(connection)})
        oldest = kept.fetchone()["minute"]
        if oldest is None or self._hours.of(oldest) is None:
            return
        since = datetime.fromisoformat(oldest).astimezone(self._hours.zone)
        edge = {"hour": minute_of(since - timedelta(hours=1)), "day": (since - timedelta(days=1)).date().isoformat()}
        connection.execute("delete from hour_sums where hour > :hour", edge)
        connection.execute("delete from day_sums where day >= :day", edge)
        connection.execute("delete from running_sums where day >= :day", edge)
        connection.execute("delete from stale_hours")
        for epoch in connection.execute("select id from epochs order by id").fetchall():
            quarters = connection.execute(_QUARTERS, dict(epoch))
            write_marks(connection, {(epoch["id"], self._hours.of(f"{row['quarter']}Z")) for row in quarters})

    def _sum_days(self, connection: Connection, marks: Sequence[Row]) -> None:
        for epoch, day in sorted({(mark["epoch_id"], mark["day"]) for mark in marks}):
            begin, end = self._hours.bounds(day)
            connection.execute(_SUM_DAY, {"epoch": epoch, "day": day, "begin": begin, "end": end})
        first = {mark["epoch_id"]: mark["day"] for mark in reversed(marks)}  # marks are in the order of days
        runs = [{"epoch": epoch, "day": day} for epoch, day in sorted(first.items())]
        connection.executemany(_BEGIN_RUN, runs)
        connection.executemany(_RUN, runs)
