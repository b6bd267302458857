"""Months of tallies, and of the musts beside them: room is made for those that come, and those older than the policy
says are forgotten whole.

Sums by hour and day (``summaries``) stay, so a month is only forgotten when none of its hours waits to be summed up,
and from then on nothing of it is taken any more: a station that offers it again would put a part for the whole.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime

from station.hub.database import Connection, Database, StoreFault
from station.hub.must_hours import forget_musts

CHECK_SECONDS = 600.0
AHEAD = 2
"""Months: a hub that cannot do this for weeks has bigger worries, and even then the rows find a place."""
_HELD = "select since from kept where id = 1"
_HOLD = "update kept set since = :since where id = 1"
_WAITS = "select 1 as one from stale_hours where hour < :since limit 1"


class Upkeep:
    """``step`` is for a thread of its own. Several hubs may do the same work; one of them does it."""

    def __init__(
        self,
        database: Database,
        keep_months: int,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """:param keep_months: whole months before this one that are kept; 0 keeps all for good."""
        self._database = database
        self._keep_months = keep_months
        self._now = now
        self._monotonic = monotonic
        self._due = monotonic()
        self._pause = threading.Event()  # never set: only waited on

    def step(self) -> None:
        self._pause.wait(1.0)
        if self._monotonic() >= self._due:
            self.keep()
            self._due = self._monotonic() + CHECK_SECONDS

    def keep(self) -> None:
        """While the store cannot be used there is nothing to do: its health says so, and this comes again."""
        this = _number(self._now())
        try:
            self._database.make_months([_month(number) for number in range(this - self._keep_months, this + AHEAD + 1)])
            if self._keep_months:
                self._forget(_month(this - self._keep_months))
        except StoreFault:
            return

    def _forget(self, since: str) -> None:
        with self._database.transaction() as connection:
            if kept_since(connection, connection.for_update) < since:
                # What a batch is just storing was let in before: its hours are marked and summed up by the next time.
                connection.execute(_HOLD, {"since": since})
                return
            if connection.execute(_WAITS, {"since": since}).fetchone() is not None:
                return
        self._database.forget_before(since)
        forget_musts(self._database, since)


def kept_since(connection: Connection, lock: str = "") -> str:
    """The first month of which tallies are kept, as they begin: ``2026-03``. Empty: all are."""
    return str(connection.execute(f"{_HELD} {lock}").fetchone()["since"])


def _number(at: datetime) -> int:
    return at.year * 12 + at.month - 1


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
