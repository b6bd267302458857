"""One simulated checkpoint: its clock, its ledgers (it may come to have several), and what befalls them."""

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from station.messages import LiveLane
from station.simulation.clock import StationClock
from station.simulation.day import DayOfLanes
from station.simulation.ledger import Key, SimulatedLedger, Total
from station.simulation.plan import Fault, Plan
from station.simulation.traffic import Row, rows

COPY_SECONDS = 180.0  # an old copy of the card is this old when it is put back
DARK_SECONDS = 120.0  # a card is changed with nobody passing, so that no minute has rows of both
_FARTHEST_JUMP = 7200.0


class Site:
    """``at`` is in seconds of the station. Rows and events are the plan's; that nothing passes while a card is being
    changed, and that it is changed only once the hub has what is on it, makes the truth the plan's as well."""

    def __init__(self, plan: Plan, index: int) -> None:
        self._end = plan.seconds * plan.pace
        self._chance = plan.chance(index, "site")
        self._rows: Iterator[Row] = rows(f"{plan.seed} {index}", plan.lanes, plan.every, -plan.outage)
        self._next = next(self._rows)
        self._events = plan.events(index)
        late = any(fault is Fault.LATE_CLOCK for _, fault in self._events)
        self.clock = StationClock(plan.begin.timestamp(), plan.zone, self._boot_id(), -plan.outage, trusted=not late)
        self._new_card: Callable[[], int] = lambda: plan.epoch(index, len(self._earlier))
        self._copy: SimulatedLedger | None = None
        self._changing: tuple[float, Fault] | None = None
        self._earlier: list[tuple[SimulatedLedger, SimulatedLedger | None]] = []  # cards given up, and what was kept
        self.ledger = SimulatedLedger(self._new_card(), self.clock.boot)
        self._owed = 0  # rows of the outage
        self._minutes: dict[int, str] = {}  # of passages that will be decided again
        self._day = DayOfLanes(plan.lanes)

    def advance(self, at: float) -> bool:
        """Write what passed until ``at`` and let happen what the seed has in store.

        :return: whether the power went: the connection is gone, and what was in memory with it.
        """
        if self._changing is not None:
            return self._change(at)
        if not self._events or self._events[0][0] > at:
            self._write(at)
            return False
        when, fault = self._events[0]
        self._write(when)
        if fault is Fault.RESTORED and self._copy is None:
            self._copy_card(when)
            return False
        del self._events[0]
        return self._befall(when, fault)

    def postpone(self, seconds: float) -> None:
        """Second 0 is so much later, by the station's clock and by the true time: nobody passed meanwhile."""
        self.clock.begin += seconds
        self._owed = self.ledger.seq

    @property
    def behind(self) -> bool:
        """The hub has not said yet that it stored all of the outage."""
        if not self._owed or self._earlier:
            return False
        return self.ledger.seq - self.ledger.unacknowledged < self._owed

    @property
    def settled(self) -> bool:
        """It has lived to the end of the plan, and the hub has everything."""
        over = self._next.at > self._end and not self._events and self._changing is None
        return over and self.ledger.unacknowledged == 0

    def live_lanes(self, day: str) -> Mapping[str, LiveLane]:
        """Every lane's counts of the local day."""
        return self._day.lanes(day)

    def truth(self) -> dict[Key, Total]:
        """What the hub has to have counted: the passages of every card, each once."""
        if not self._earlier:
            return dict(self.ledger.stated())
        sums: Counter[tuple[Key, str]] = Counter()
        for ledger, kept in (*self._earlier, (self.ledger, None)):
            _add(sums, ledger, 1)
            if kept is not None:
                _add(sums, kept, -1)
        keys = {key for key, _ in sums}
        totals = {key: Total(*(sums[key, name] for name in Total.__slots__)) for key in keys}
        return {key: total for key, total in totals.items() if total.passages}

    def _write(self, until: float) -> None:
        until = min(until, self._end)
        while self._next.at <= until:
            self._write_row(self._next)
            self._next = next(self._rows)

    def _write_row(self, row: Row) -> None:
        if row.before is None:
            minute = self.clock.minute(row.at)
            if row.again:
                self._minutes[row.passage] = minute
        elif row.passage in self._minutes:
            minute = self._minutes.pop(row.passage)
            old = Key(row.lane, minute, row.kind, row.origin, row.before)
            self.ledger.touch(old, -1, -row.vehicles, -row.persons)
        else:
            return  # decided on a card that is no longer there
        self.ledger.write(Key(row.lane, minute, row.kind, row.origin, row.outcome), 1, row.vehicles, row.persons)
        self._day.count(row, self.clock.day(row.at), self.clock.since_1970(row.at))

    def _befall(self, at: float, fault: Fault) -> bool:
        match fault:
            case Fault.RESTART:
                self._boot(at)
                return True
            case Fault.JUMP:
                # Back into minutes that an old copy knows nothing of would be another fault than this one.
                earliest = 0.0 if self._copy or self._comes(Fault.RESTORED) else -_FARTHEST_JUMP
                self.clock.offset += self._chance.uniform(earliest, _FARTHEST_JUMP)
            case Fault.LATE_CLOCK:
                self.clock.trusted = True
                self._restate()
            case _:
                self._changing = at + DARK_SECONDS, fault
        return False

    def _comes(self, fault: Fault) -> bool:
        return any(other is fault for _, other in self._events)

    def _restate(self) -> None:
        """The time is known: what counts under minutes of this boot is stated under its true ones."""
        for key, total in list(self.ledger.stated()):
            if (minute := self.clock.true_minute(key.minute)) != key.minute:
                counts = total.passages, total.vehicles, total.persons
                self.ledger.touch(key, *(-count for count in counts))
                self.ledger.write(key._replace(minute=minute), *counts)
        self._minutes = {passage: self.clock.true_minute(minute) for passage, minute in self._minutes.items()}

    def _copy_card(self, at: float) -> None:
        """Copy the card once the hub has what is on it; it is put back later."""
        if self.ledger.unacknowledged == 0:
            self._copy = copy.deepcopy(self.ledger)
            self._events[0] = at + COPY_SECONDS, Fault.RESTORED
            self._events.sort()

    def _change(self, at: float) -> bool:
        """Change the card, once it is time and the hub has what is on it; what would have passed meanwhile did not."""
        assert self._changing is not None
        until, fault = self._changing
        if at < until or self.ledger.unacknowledged:
            return False
        while self._next.at < until:
            self._next = next(self._rows)
        restored = fault is Fault.RESTORED and self._copy is not None
        self._earlier.append((self.ledger, copy.deepcopy(self._copy) if restored else None))
        self.ledger = self._copy if restored and self._copy else SimulatedLedger(self._new_card(), self.clock.boot)
        self._changing, self._minutes = None, {}
        self._boot(until)
        return True

    def _boot(self, at: float) -> None:
        self.clock.boot = self.ledger.life = self._boot_id()
        self.clock.booted = at

    def _boot_id(self) -> str:
        return f"{self._chance.getrandbits(32):08x}"


def _add(sums: Counter[tuple[Key, str]], ledger: SimulatedLedger, sign: int) -> None:
    for key, total in ledger.stated():
        for name in Total.__slots__:
            sums[key, name] += sign * getattr(total, name)
