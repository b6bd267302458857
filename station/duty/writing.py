"""How the station's own events get into the ledger."""

from station.devices import Clock
from station.domain.event_rows import Recorded, entry_of
from station.domain.events import Event
from station.domain.moment import Moment
from station.ledger import Ledger, LedgerUnwritable


class EventWriter:
    """From any thread. What the disk does not take is kept in memory and written first once it does."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger, self._clock = ledger, clock

    def write(self, event: Event, lane: str = "", operator: str = "") -> Moment:
        """:return: when it happened. :raises LedgerUnwritable: not even in memory is room."""
        return self.record(event, lane, operator).at

    def record(self, event: Event, lane: str = "", operator: str = "") -> Recorded:
        """The same, and the row it became. :raises LedgerUnwritable: not even in memory is room."""
        entry = entry_of(event, self._clock.now(), lane, operator)
        try:
            row = self._ledger.append(entry)
        except LedgerUnwritable:
            row = self._ledger.keep(entry)
        return Recorded(row.seq, "", entry.at, lane, operator, event)

    def now(self) -> Moment:
        return self._clock.now()
