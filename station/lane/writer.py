"""The one place where a lane writes down, and where its gate moves: the row is on disk before anything else happens."""

from collections.abc import Callable

from station.devices import Clock
from station.devices.gate.minded import MindedGate
from station.domain import entries, joining
from station.domain.aside import waits
from station.domain.crossings import Event, decided
from station.domain.decision import Outcome
from station.domain.lane import LaneSettings
from station.domain.lane_faults import LaneFault
from station.domain.passage import Entry, Row
from station.domain.reasons import Reason
from station.domain.watch import Watch
from station.lane.faults import Faults
from station.lane.pace import Pace
from station.ledger import Ledger, LedgerUnwritable


class Writer:
    """``current`` is the passage on the screen: the one that was decided on last, be it before a restart."""

    def __init__(
        self,
        settings: LaneSettings,
        ledger: Ledger,
        gate: MindedGate,
        watch: Watch,
        clock: Clock,
        faults: Faults,
        pace: Pace,
        over: Callable[[], None],
    ) -> None:
        """:param over: called whenever a passage is granted or denied."""
        self._kind, self._ledger, self._gate, self._watch = settings.kind, ledger, gate, watch
        self._clock, self._faults, self._pace, self._over = clock, faults, pace, over
        last = ledger.last(settings.lane)
        self.current = last if last is not None and joining.is_open(last, clock.now()) else None

    def renew_current(self) -> None:
        """What was kept in memory may be on disk by now, under another number."""
        if self.current is not None and self.current.seq < 0:
            self.current = self._ledger.latest_of(self.current.passage)

    def write_then_move(self, entry: Entry) -> Row:
        """Write down what was decided, then work the gate. Unwritten, it opens for nobody unless a person says so.

        :raises AmendsChangedPassage: another row came between; nothing was written and nothing moved.
        :raises LedgerUnwritable: not even in memory is room; nothing moved.
        """
        row = self._write(entry, entry if Reason.BY_OPERATOR in entry.reasons else entries.held_for_the_disk(entry))
        self._gate.show(row.entry.key.outcome)
        self.current = None if waits(row.entry) else row
        self.happened(decided(row.passage, row.entry, self._kind, row.entry.at.monotonic))
        if row.entry.key.outcome is not Outcome.HELD:
            self._over()
        return row

    def write_beside(self, entry: Entry) -> Row:
        """Write down what is said of a passage and moves nothing. Where it is the one on the screen, it is shown.

        :raises AmendsChangedPassage: another row came between; nothing was written.
        :raises LedgerUnwritable: not even in memory is room.
        """
        row = self._write(entry, entry)
        if self.current is not None and self._ledger.number(self.current.passage) == row.passage:
            self.current = row
        return row

    def leave(self, passage: int) -> None:
        """The passage has left the lane: the screen is free for the next."""
        if self.current is not None and self.current.passage == passage:
            self.current = None

    def happened(self, event: Event) -> None:
        """Hold what crosses against what was decided, and write down what comes of it."""
        for entry in self._watch.happened(event, self._clock.now()):
            self.note(entry)

    def note(self, entry: Entry) -> None:
        """Write down what moves nothing. Where there is no room left, the screen says so already."""
        try:
            self._write(entry, entry)
        except LedgerUnwritable:
            self._faults.rise(LaneFault.LEDGER_UNWRITABLE)

    def _write(self, entry: Entry, without_disk: Entry) -> Row:
        """:raises LedgerUnwritable: not even in memory is room."""
        try:
            row = self._ledger.append(entry)
        except LedgerUnwritable:
            self._faults.rise(LaneFault.LEDGER_UNWRITABLE)
            row = self._ledger.keep(without_disk)
        else:
            self._faults.clear(LaneFault.LEDGER_UNWRITABLE)
        self._pace.note(row)
        return row
