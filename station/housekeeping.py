"""What the station does beside its lanes: writes what a full disk held back, corrects minutes once the time is
known, forgets personal data on time, tends the lists, and says how it is."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from station.devices import Clock
from station.domain.lists import ListView
from station.domain.moment import Moment, minute_of
from station.domain.passage import Entry, EntryType, Row
from station.domain.power import Power
from station.domain.reasons import Reason
from station.domain.station_faults import OWN_BANNER, StationFaults
from station.domain.view import StationView
from station.feed import Feed
from station.ledger import AmendsChangedPassage, Ledger, LedgerUnwritable

CORRECT_AT_ONCE = 500
FORGET_EVERY = 3600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UplinkReport:
    """What the outbox says of itself. ``name_shared``: another machine connects under this station's name."""

    state: str
    since: str
    fault: str
    unacknowledged: int
    name_shared: bool = False


class ListKeeper(Protocol):
    """The room that keeps the hub's lists."""

    @property
    def fault(self) -> str: ...

    def tend(self) -> None: ...

    def views(self) -> tuple[ListView, ...]: ...


class Housekeeping:
    def __init__(
        self,
        station: str,
        name: str,
        timezone: str,
        keep_personal_days: int,
        ledger: Ledger,
        clock: Clock,
        feed: Feed,
        uplink: Callable[[], UplinkReport],
        lists: ListKeeper,
        power: Callable[[], Power],
        faults: StationFaults | None = None,
    ) -> None:
        self._station, self._name, self._timezone = station, name, timezone
        self._keep_days = keep_personal_days
        self._ledger, self._clock, self._feed, self._uplink, self._lists = ledger, clock, feed, uplink, lists
        self._power = power
        self._faults = faults or StationFaults({})
        self._corrected = False
        self._forgot_at = float("-inf")

    def step(self) -> None:
        now = self._clock.now()
        try:
            self._ledger.flush()
            if now.trusted and not self._corrected:
                self._corrected = not self._correct(now)
        except (LedgerUnwritable, AmendsChangedPassage):
            pass  # the ledger's fault is on the screen, or an operator was quicker; the next round tries again
        self._forget(now)
        self._lists.tend()
        self._feed.publish("station", asdict(self.view(now)))

    def _forget(self, now: Moment) -> None:
        """A disk that does not take it is asked again an hour later; what is wrong with it is on the screen."""
        try:
            self._ledger.look(now)
            if now.monotonic - self._forgot_at > FORGET_EVERY:
                self._forgot_at = now.monotonic
                if gone := self._ledger.forget_old(now, self._keep_days):
                    log.info("retention: forgot what is personal of %s", ", ".join(gone))
        except OSError as error:
            log.warning("retention: %s", error)

    def _correct(self, now: Moment) -> list[Row]:
        """Passages of this boot that count under an unknown minute get their true one, as amendments."""
        rows = self._ledger.untrusted(now.boot)[:CORRECT_AT_ONCE]
        histories = (self._ledger.history(row.passage) for row in rows)
        corrections = [
            _with_true_minute(row, history[0].entry.at, now)
            for row, history in zip(rows, histories, strict=True)
            if history
        ]
        return self._ledger.append_all(corrections) if corrections else []

    def view(self, now: Moment) -> StationView:
        uplink, power, standing = self._uplink(), self._power(), self._faults.standing()
        return StationView(
            station=self._station,
            name=self._name,
            timezone=self._timezone,
            at=replace(now, utc=now.utc.replace(microsecond=0)).text,
            clock_trusted=now.trusted,
            uplink=uplink.state,
            uplink_since=uplink.since,
            uplink_fault=uplink.fault,
            unacknowledged=uplink.unacknowledged,
            ledger_fault=self._ledger.fault,
            disk_free_mb=_free_mb(self._ledger.path.parent),
            lists=self._lists.views(),
            lists_fault=self._lists.fault,
            aside=self._ledger.waiting_aside,
            power=power.value,
            faults=tuple(fault for fault in standing if fault not in OWN_BANNER),
            fault_details={fault: said for fault, said in standing.items() if fault not in OWN_BANNER},
        )


def _free_mb(folder: Path) -> int:
    """0 where nobody can tell: the disk is gone."""
    try:
        return shutil.disk_usage(folder).free // 2**20
    except OSError:
        return 0


def _with_true_minute(row: Row, first: Moment, now: Moment) -> Entry:
    """The monotonic clock ran on while the wall clock was wrong: count back from now."""
    true = now.utc - timedelta(seconds=now.monotonic - first.monotonic)
    return replace(
        row.entry,
        type=EntryType.AMENDMENT,
        at=now,
        key=replace(row.entry.key, minute=minute_of(true)),
        reasons=(*row.entry.reasons, Reason.CLOCK_CORRECTED),
        amends=row.passage,
        replaces=row.seq,
    )
