"""Months of tallies, and of the musts beside them: room is made for those that come, and those older than the policy
says are forgotten whole.

Sums by hour and day (``summaries``) stay, so a month is only forgotten when none of its hours waits to be summed up. It
is forgotten once, when it leaves the kept months: what a station brings of it later is stored, summed up, and stays.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from station.hub.database import Database, StoreFault
from station.hub.kept import forgotten_until, kept_since
from station.hub.must_hours import forget_musts

CHECK_SECONDS = 600.0
LOOK_SECONDS = 60.0
AHEAD = 2
"""Months: a hub that cannot do this for weeks has bigger worries, and even then the rows find a place."""
_HOLD = "update kept set since = :since where id = 1"
_ASTRAY = "update kept set since = :since, forgotten = :forgotten where id = 1"
_DONE = "update kept set forgotten = :since where id = 1"
_WAITS = "select 1 as one from stale_hours where hour < :since limit 1"

log = logging.getLogger(__name__)


class Upkeep:
    """``step`` is for a thread of its own. Several hubs may do the same work; one of them does it."""

    def __init__(
        self,
        database: Database,
        keep_months: int,
        now: Callable[[], datetime],
        until: Callable[[], datetime | None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        :param keep_months: whole months before this one that are kept; 0 keeps all for good.
        :param now: the clock, for months to come.
        :param until: the retention clock, for months to forget; None while nothing may be.
        """
        self._database = database
        self._keep_months = keep_months
        self._now, self._until = now, until
        self._monotonic = monotonic
        self._due = self._look_due = monotonic()
        self._pause = threading.Event()  # never set: only waited on

    def step(self) -> None:
        self._pause.wait(1.0)
        if self._monotonic() >= self._look_due:
            self._until()  # a look at the clock counts as running
            self._look_due = self._monotonic() + LOOK_SECONDS
        if self._monotonic() >= self._due:
            self.keep()
            self._due = self._monotonic() + CHECK_SECONDS

    def keep(self) -> None:
        """While the store cannot be used there is nothing to do: its health says so, and this comes again."""
        this, until = _number(self._now()), self._until()
        try:
            self._database.make_months([_month(number) for number in range(this - self._keep_months, this + AHEAD + 1)])
            if self._keep_months and until is not None:
                self._forget(_month(_number(until) - self._keep_months), _month(_number(until)))
        except StoreFault:
            return

    def _forget(self, since: str, this: str) -> None:
        with self._database.transaction() as connection:
            held, forgotten = kept_since(connection), forgotten_until(connection)
            if held > this:  # a version before this one went by a clock that was years ahead
                log.warning("retention: tallies before %s counted as too old; now those before %s do", held, since)
                connection.execute(_ASTRAY, {"since": since, "forgotten": min(forgotten, since)})
                return
            if held < since:
                # What a batch is just storing was let in before: its hours are marked and summed up by the next time.
                connection.execute(_HOLD, {"since": since})
                return
            if forgotten >= held or connection.execute(_WAITS, {"since": held}).fetchone() is not None:
                return
        self._database.forget_months(forgotten, held)
        forget_musts(self._database, held)
        with self._database.transaction() as connection:
            if connection.execute(_WAITS, {"since": held}).fetchone() is None:  # else some stayed, and go next time
                connection.execute(_DONE, {"since": held})
                log.info("retention: tallies before %s are forgotten; their sums stay", held)


def _number(at: datetime) -> int:
    return at.year * 12 + at.month - 1


def _month(number: int) -> str:
    """Before the year 1 as well, where it is before all months."""
    return f"{max(number, 0) // 12:04}-{max(number, 0) % 12 + 1:02}"
