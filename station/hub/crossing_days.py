"""What sensors counted on each local day, from the live frames: segments say nothing of it, and daily tables ask.

A station's newest frame is copied once a minute. What crosses in the last minute of a day may be missing.
"""

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from station.hub.database import Connection, Database, StoreUnwritable

COPY_SECONDS = 60.0
STEP_SECONDS = 1.0
KEPT = timedelta(days=62)
_COPY = """
insert into live_days (station_id, day, at, lanes) select station_id, day, at, lanes from live where day >= :oldest
on conflict (station_id, day) do update set at = excluded.at, lanes = excluded.lanes where excluded.at > live_days.at
"""
_OF_DAY = """
select station, live_days.lanes as lanes from stations cross join live_days
where live_days.station_id = stations.id and live_days.day = :day
"""
_NOW = """
select station, live.lanes as lanes from stations cross join live where live.station_id = stations.id and day = :day
"""


class CrossingDays:
    """``step`` is for a thread of its own."""

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        until: Callable[[], datetime | None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._zone = zone
        self._until = until
        self._monotonic = monotonic
        self._due = monotonic() + COPY_SECONDS
        self._pause = threading.Event()  # never set: only waited on

    def step(self) -> None:
        """While the store cannot be written its health says so, and the next minute copies the same."""
        self._pause.wait(STEP_SECONDS)
        if self._monotonic() < self._due:
            return
        self._due = self._monotonic() + COPY_SECONDS
        try:
            self.copy()
        except StoreUnwritable:
            return

    def copy(self) -> None:
        """Copy, and forget what is too old by the retention clock. :raises StoreUnwritable: nothing is copied."""
        until = self._until()
        oldest = "" if until is None else (until.astimezone(self._zone).date() - KEPT).isoformat()
        with self._database.transaction() as connection:
            connection.execute(_COPY, {"oldest": oldest})
            connection.execute("delete from live_days where day < :oldest", {"oldest": oldest})


def crossings_of(connection: Connection, day: str) -> dict[str, tuple[int, int]]:
    """Crossings and unmatched ones by station, as far as the hub was told."""
    found = {}
    for question in (_OF_DAY, _NOW):  # what is newest last
        for row in connection.execute(question, {"day": day}):
            lanes = json.loads(row["lanes"]).values()
            found[row["station"]] = sum(lane["crossings"] for lane in lanes), sum(lane["unmatched"] for lane in lanes)
    return found
