"""Incidents of this station: reported, kept over restarts, closed; one opens by itself where the policy says so."""

import secrets
import threading
from collections.abc import Collection, Sequence
from dataclasses import asdict
from functools import reduce
from typing import assert_never

from station.domain.commands import Refusal, Refused
from station.domain.event_rows import Recorded
from station.domain.events import Event
from station.domain.events.incidents import IncidentClosed, IncidentKind, IncidentOpened, IncidentUpdated
from station.domain.incidents import (
    USUAL_SEVERITY,
    CloseIncident,
    IncidentCommand,
    IncidentView,
    Open,
    ReportIncident,
    UpdateIncident,
    after,
)
from station.domain.passage import Row
from station.duty.writing import EventWriter
from station.feed import Feed
from station.ledger import Events, LedgerUnwritable

TOPIC = "incidents"
MOST_OPEN = 100
KINDS = (IncidentOpened, IncidentUpdated, IncidentClosed)
_ID_BYTES = 8


class Incidents:
    """``carry_out`` is the screen's and may be called from any thread, ``watch`` housekeeping's."""

    def __init__(self, writer: EventWriter, events: Events, lanes: Collection[str], feed: Feed) -> None:
        self._writer, self._events, self._lanes, self._feed = writer, events, lanes, feed
        self._lock = threading.Lock()
        history = events.of(KINDS)
        self._open: Open = reduce(after, history, {})
        self._seen = _watched_until(history, events.head)
        self._show()

    def carry_out(self, command: IncidentCommand) -> None:
        """:raises Refused: nothing was done."""
        with self._lock:
            try:
                self._obey(command)
            except LedgerUnwritable:
                raise Refused(Refusal.BUSY) from None
        self._show()

    def _obey(self, command: IncidentCommand) -> None:
        match command:
            case ReportIncident(incident, kind, severity, lane, text, operator):
                if incident not in self._open:
                    self._report(IncidentOpened(incident, kind, severity, text), lane, operator)
            case UpdateIncident(incident, severity, text, operator):
                known = self._known(incident)
                self._write(IncidentUpdated(incident, severity, text), known.lane, operator)
            case CloseIncident(incident, text, operator):
                self._write(IncidentClosed(incident, text), self._known(incident).lane, operator)
            case _:
                assert_never(command)

    def _report(self, opened: IncidentOpened, lane: str, operator: str) -> None:
        if lane and lane not in self._lanes:
            raise Refused(Refusal.NOT_FOUND)
        if len(self._open) >= MOST_OPEN:
            raise Refused(Refusal.BUSY)
        self._write(opened, lane, operator)

    def _known(self, incident: str) -> IncidentView:
        if incident not in self._open:
            raise Refused(Refusal.NOT_FOUND)
        return self._open[incident]

    def _write(self, event: Event, lane: str, operator: str = "") -> None:
        at = self._writer.write(event, lane, operator)
        self._open = after(self._open, Recorded(0, "", at, lane, operator, event))

    # What crosses without a decision

    def watch(self) -> None:
        """Open an incident for a crossing that nobody had decided on; while one is open on its lane, that one stands
        for what crosses next as well."""
        with self._lock:
            for row in self._events.undecided_crossings(self._seen):
                self._report_crossing(row)
                self._seen = row.seq
        self._show()

    def _report_crossing(self, row: Row) -> None:
        lane, kind = row.entry.key.lane, IncidentKind.UNMATCHED
        if len(self._open) < MOST_OPEN and not any((i.kind, i.lane) == (kind, lane) for i in self._open.values()):
            incident = secrets.token_hex(_ID_BYTES)
            self._write(IncidentOpened(incident, kind, USUAL_SEVERITY[kind], crossing=row.seq), lane)

    def listed(self) -> list[IncidentView]:
        """Those that are open, oldest first."""
        return list(self._open.values())

    def _show(self) -> None:
        self._feed.publish(TOPIC, {"open": [asdict(incident) for incident in self.listed()]})


def _watched_until(history: Sequence[Recorded], head: int) -> int:
    """Up to which row crossings have been looked at: one that was seen while an incident stood for it, is older than
    that incident's closure. Where there has been none yet, what crosses from now on counts."""
    own = {
        row.event.incident
        for row in history
        if isinstance(row.event, IncidentOpened) and row.event.kind is IncidentKind.UNMATCHED
    }
    return max((row.seq for row in history if getattr(row.event, "incident", "") in own), default=head)
