"""Inspections of this station: visits that go on and findings that are open, kept over restarts."""

import secrets
import threading
from collections.abc import Collection
from functools import reduce
from typing import assert_never

from station.domain.commands import Refusal, Refused
from station.domain.events import Event
from station.domain.events.inspections import (
    FindingClosed,
    FindingMade,
    InspectionBegan,
    InspectionEnded,
    NoticeServed,
)
from station.domain.inspections import (
    BeginVisit,
    CloseFinding,
    EndVisit,
    FindingView,
    InspectionBook,
    InspectionCommand,
    ServeNotice,
    VisitView,
    WriteFinding,
    after,
)
from station.duty.writing import EventWriter
from station.ledger import Events, LedgerUnwritable

MOST_VISITS, MOST_FINDINGS = 20, 200
KINDS = (InspectionBegan, FindingMade, NoticeServed, FindingClosed, InspectionEnded)
_ID_BYTES = 8


class Inspections:
    """``carry_out`` is the screen's, ``arrived`` the lanes'; both may be called from any thread."""

    def __init__(self, writer: EventWriter, events: Events) -> None:
        self._writer = writer
        self._lock = threading.Lock()
        self._book = reduce(after, events.of(KINDS), InspectionBook())

    def visits(self) -> list[VisitView]:
        """Those that go on, oldest first."""
        return list(self._book.visits.values())

    def findings(self) -> list[FindingView]:
        """Those that are open, of every visit there was: what is due first stands first."""
        return sorted(self._book.findings.values(), key=lambda one: (one.due == "", one.due))

    def arrived(self, lane: str, number: str, label: str) -> None:
        """An inspector's badge was shown. While the visit goes on it begins no other. :raises LedgerUnwritable."""
        with self._lock:
            if all(visit.number != number for visit in self._book.visits.values()):
                self._write(InspectionBegan(secrets.token_hex(_ID_BYTES), number, label), lane)

    def carry_out(self, command: InspectionCommand) -> None:
        """What was done before is not done again. :raises Refused: nothing was done."""
        with self._lock:
            try:
                self._obey(command)
            except LedgerUnwritable:
                raise Refused(Refusal.BUSY) from None

    def _obey(self, command: InspectionCommand) -> None:
        book = self._book
        match command:
            case BeginVisit(inspection, number, operator):
                if inspection not in book.known:
                    self._begin(InspectionBegan(inspection, number), operator)
            case WriteFinding(finding, inspection, kind, severity, text, operator):
                if finding not in book.known:
                    self._make(FindingMade(inspection, finding, kind, severity, text), operator)
            case ServeNotice(notice, inspection, findings, text, due, operator):
                if notice not in book.known:
                    self._serve(NoticeServed(inspection, notice, findings, text, due), operator)
            case CloseFinding(finding, text, operator):
                if finding in book.findings:
                    self._write(FindingClosed(finding, text), operator=operator)
                _find(book.known, finding)
            case EndVisit(inspection, operator):
                if inspection in book.visits:
                    self._write(InspectionEnded(inspection), operator=operator)
                _find(book.known, inspection)
            case _:
                assert_never(command)

    def _begin(self, began: InspectionBegan, operator: str) -> None:
        if len(self._book.visits) >= MOST_VISITS:
            raise Refused(Refusal.BUSY)
        self._write(began, operator=operator)

    def _make(self, made: FindingMade, operator: str) -> None:
        _find(self._book.visits, made.inspection)
        if len(self._book.findings) >= MOST_FINDINGS:
            raise Refused(Refusal.BUSY)
        self._write(made, operator=operator)

    def _serve(self, served: NoticeServed, operator: str) -> None:
        """Served during a visit, for findings that are still open: this visit's or an earlier one's."""
        _find(self._book.visits, served.inspection)
        _find(self._book.findings, *served.findings)
        self._write(served, operator=operator)

    def _write(self, event: Event, lane: str = "", operator: str = "") -> None:
        self._book = after(self._book, self._writer.record(event, lane, operator))


def _find(among: Collection[str], *wanted: str) -> None:
    """:raises Refused: one is not there, or none is wanted."""
    if not wanted or not set(wanted) <= set(among):
        raise Refused(Refusal.NOT_FOUND)
