"""Incidents of this station: reported, kept over restarts, closed; one opens by itself where the policy says so."""

import secrets
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from functools import reduce
from typing import assert_never

from station.domain.commands import Refusal, Refused
from station.domain.event_rows import Recorded
from station.domain.events import Event
from station.domain.events.incidents import NO_PHOTO, IncidentClosed, IncidentKind, IncidentOpened, IncidentUpdated
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
from station.ledger.photographs import Photographs

TOPIC = "incidents"
MOST_OPEN = 100
KINDS = (IncidentOpened, IncidentUpdated, IncidentClosed)
_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Photography:
    """``take`` gives a lane's picture of this moment as JPEG, None where its camera gives none."""

    take: Callable[[str], bytes | None]
    kept: Photographs


class Incidents:
    """``carry_out`` is the screen's and may be called from any thread, ``watch`` housekeeping's.

    :param photography: None where the policy allows no pictures.
    """

    def __init__(
        self,
        writer: EventWriter,
        events: Events,
        lanes: Collection[str],
        feed: Feed,
        photography: Photography | None = None,
    ) -> None:
        self._writer, self._events, self._lanes, self._feed = writer, events, lanes, feed
        self._photography = photography
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
            case ReportIncident():
                if command.incident not in self._open:
                    self._report(command)
            case UpdateIncident(incident, severity, text, operator):
                known = self._known(incident)
                self._write(IncidentUpdated(incident, severity, text), known.lane, operator)
            case CloseIncident(incident, text, operator):
                self._write(IncidentClosed(incident, text), self._known(incident).lane, operator)
            case _:
                assert_never(command)

    def _report(self, report: ReportIncident) -> None:
        if report.lane and report.lane not in self._lanes:
            raise Refused(Refusal.NOT_FOUND)
        if len(self._open) >= MOST_OPEN:
            raise Refused(Refusal.BUSY)
        photo = self._take(report.lane) if report.with_photo and report.lane else ""
        opened = IncidentOpened(report.incident, report.kind, report.severity, report.text, photo=photo)
        self._write(opened, report.lane, report.operator)

    def _take(self, lane: str) -> str:
        """The picture is on disk before the row that names it. Without one the incident is reported all the same."""
        if self._photography is None:
            return ""
        jpeg = self._photography.take(lane)
        try:
            return self._photography.kept.keep(jpeg, self._writer.now()) if jpeg is not None else NO_PHOTO
        except OSError:
            return NO_PHOTO

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

    @property
    def with_photos(self) -> bool:
        """Whether the policy allows a picture of the lane."""
        return self._photography is not None

    def photo(self, incident: str) -> bytes | None:
        """The picture of an open incident as JPEG; None where there is none, or none any more."""
        known = self._open.get(incident)
        if self._photography is None or known is None or known.photo in ("", NO_PHOTO):
            return None
        return self._photography.kept.find(known.photo)

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
