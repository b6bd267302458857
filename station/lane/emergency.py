"""The emergency-open switch: whoever asks later reads in the ledger when the barrier stood open to everybody."""

from station.devices import Clock
from station.devices.gate.minded import MindedGate
from station.domain.crossings import EmergencySwitched
from station.domain.event_rows import entry_of
from station.domain.events.emergency import EmergencyPutBack, EmergencyThrown
from station.domain.panel import PANEL
from station.lane.writer import Writer
from station.ledger import Ledger


class EmergencySwitch:
    """A panel that is opened again, and a station that starts again, tell how the switch stands; only what differs from
    the last row is written. So one that was put back while the power was out is written down as well."""

    def __init__(self, lane: str, ledger: Ledger, writer: Writer, gate: MindedGate, clock: Clock) -> None:
        self._lane, self._writer, self._gate, self._clock = lane, writer, gate, clock
        stood = ledger.last_event(lane, (EmergencyThrown, EmergencyPutBack))
        self._thrown = stood == EmergencyThrown()

    def told(self, switched: EmergencySwitched) -> None:
        """The gate first: in an emergency nobody waits for a disk."""
        if switched.on:
            self._gate.throw()
        else:
            self._gate.put_back()
        if switched.on != self._thrown:
            self._thrown = switched.on
            event = EmergencyThrown() if switched.on else EmergencyPutBack()
            self._writer.note(entry_of(event, self._clock.now(), self._lane, PANEL))
        self._writer.happened(switched)
