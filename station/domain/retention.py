"""Until when stored data may be deleted: a time that no wrong clock can push ahead of the true one.

Deleting cannot be undone, so it never rests on one reading of the clock. What a machine knows for sure is how long it
has run (the monotonic clock). A time is *proven* once the clock has been trusted and has agreed with itself over a
whole day of running, restarts included; from then on it grows by the time that passes. Deletion goes by the earlier of
the proven time and the clock.

- A clock that leaps ahead (a battery, a wrong server) moves nothing until it has stood for a day of running. One right
  reading in between begins that day anew.
- A clock that leaps back delays deletion, no more.
- A machine that was off for months deletes again after at most two days of running.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from station.domain.moment import Moment

CONFIRM_S = 86_400.0
MAX_STEP_S = 900.0  # of running that one look may count: in between nobody looked
AGREEMENT = timedelta(days=2)
SLACK = timedelta(minutes=10)  # what a clock may be put back without beginning anew


@dataclass(frozen=True, slots=True)
class Retention:
    """What is known, to be persisted as it is.

    :param proven: no later than the true time, as long as no wrong clock was trusted for a whole day of running; None
        until a day has passed.
    :param candidate: what is to be proven next: no later than any trusted reading of the last ``run_s`` seconds.
    :param run_s: seconds of running with a trusted clock, since the candidate was taken.
    :param boot: and ``monotonic``: of the last look.
    """

    proven: datetime | None = None
    candidate: datetime | None = None
    run_s: float = 0.0
    boot: str = ""
    monotonic: float = 0.0

    def look(self, now: Moment) -> "Retention":
        """What is known after one more look at the clock. To be called every few minutes while the machine runs."""
        passed = now.monotonic - self.monotonic if now.boot == self.boot and now.monotonic > self.monotonic else 0.0
        proven, candidate, run_s = _later(self.proven, passed), _later(self.candidate, passed), self.run_s
        if now.trusted:
            if candidate is None or now.utc < candidate - SLACK:
                candidate, run_s = now.utc, 0.0
            else:
                candidate, run_s = min(candidate, now.utc), run_s + min(passed, MAX_STEP_S)
            if run_s >= CONFIRM_S:
                proven, candidate, run_s = candidate, now.utc, 0.0
        return Retention(proven, candidate, run_s, now.boot, now.monotonic)

    def is_begun_anew(self, before: "Retention") -> bool:
        """Whether a reading took back what the look before was about to prove. To be persisted at once: a restart must
        not go on with a candidate that is known to be wrong."""
        known, now = before.candidate, self.candidate
        return known is not None and now is not None and now < known

    def until(self, now: Moment) -> datetime | None:
        """The time that ages of stored data are counted from; None: nothing may be deleted.

        :param now: the reading that was last looked at.
        """
        return min(self.proven, now.utc) if now.trusted and self.proven is not None else None

    def agrees(self, now: Moment) -> bool:
        """Whether the clock is trusted and within two days of what is proven."""
        return now.trusted and self.proven is not None and abs(now.utc - self.proven) <= AGREEMENT


def never() -> None:
    """The retention clock of whoever has none: nothing may be deleted."""


def _later(at: datetime | None, seconds: float) -> datetime | None:
    if at is None:
        return None
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:  # the year 9999 of a clock gone astray
        return at
