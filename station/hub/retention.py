"""The hub's retention clock: what ``station.domain.retention`` knows, kept in the store, a row for each hub."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from station.domain.moment import Moment
from station.domain.retention import Retention
from station.domain.times import utc_text
from station.hub.database import Database, StoreFault

SAVE_INTERVAL_S = 600.0
_LOAD = "select * from retention where hub = :hub"
_SAVE = """
insert into retention (hub, proven, candidate, run_s, boot, monotonic_s)
values (:hub, :proven, :candidate, :run_s, :boot, :monotonic_s)
on conflict (hub) do update set proven = excluded.proven, candidate = excluded.candidate, run_s = excluded.run_s,
    boot = excluded.boot, monotonic_s = excluded.monotonic_s
"""

log = logging.getLogger(__name__)


class RetentionClock:
    """``until`` may be asked from any thread; ``look`` is to be called every few minutes."""

    def __init__(
        self,
        database: Database,
        hub: str,
        now: Callable[[], Moment],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """:param hub: its name at the broker: each has a clock of its own."""
        self._database, self._hub, self._now, self._monotonic = database, hub, now, monotonic
        self._lock = threading.Lock()
        self._known: Retention | None = None
        self._saved_at = float("-inf")

    def look(self) -> None:
        """Look at the clock, and write down now and then what is known. Nothing is known while the store is away."""
        with self._lock:
            try:
                before = self._known or self._load()
                self._known = before.look(self._now())
                if before.proven is None and self._known.proven is not None:
                    log.info("retention: the clock has been right for a day of running; what is too old is deleted")
                due = self._monotonic() - self._saved_at >= SAVE_INTERVAL_S
                if due or self._known.is_begun_anew(before):
                    self._save(self._known)
            except StoreFault:
                return

    def until(self) -> datetime | None:
        """The time that ages are counted from; None: nothing may be deleted."""
        self.look()
        known, now = self._known, self._now()
        return None if known is None else known.until(now)

    def _load(self) -> Retention:
        with self._database.reading() as connection:
            row = connection.execute(_LOAD, {"hub": self._hub}).fetchone()
        if row is None:
            return Retention()
        return Retention(
            _time(row["proven"]), _time(row["candidate"]), row["run_s"], row["boot"], float(row["monotonic_s"])
        )

    def _save(self, known: Retention) -> None:
        """Whole seconds, rounded down: what is not written down has not passed."""
        row = {
            "hub": self._hub,
            "proven": "" if known.proven is None else utc_text(known.proven),
            "candidate": "" if known.candidate is None else utc_text(known.candidate),
            "run_s": int(known.run_s),
            "boot": known.boot,
            "monotonic_s": int(known.monotonic) + 1,
        }
        with self._database.transaction() as connection:
            connection.execute(_SAVE, row)
        self._saved_at = self._monotonic()


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
