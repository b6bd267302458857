"""What is asked about inspections at a station, and how visits and findings stand on the screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from station.domain.event_rows import Recorded
from station.domain.events.incidents import Severity
from station.domain.events.inspections import (
    FindingClosed,
    FindingKind,
    FindingMade,
    InspectionBegan,
    InspectionEnded,
    NoticeServed,
)

V = TypeVar("V")
LONGEST_ID = 16
MOST_IN_NOTICE = 20
"""Findings of one notice: their ids go up together in one field of 500 characters."""


@dataclass(frozen=True, slots=True)
class BeginVisit:
    """Somebody on duty writes down that an inspector is here without a badge. Every id here is one that the form drew
    when it was opened: sent twice, it is done once."""

    inspection: str
    number: str
    operator: str = ""


@dataclass(frozen=True, slots=True)
class WriteFinding:
    finding: str
    inspection: str
    kind: FindingKind
    severity: Severity
    text: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True)
class ServeNotice:
    notice: str
    inspection: str
    findings: tuple[str, ...]
    text: str
    due: str
    operator: str = ""


@dataclass(frozen=True, slots=True)
class CloseFinding:
    finding: str
    text: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True)
class EndVisit:
    inspection: str
    operator: str = ""


InspectionCommand = BeginVisit | WriteFinding | ServeNotice | CloseFinding | EndVisit


@dataclass(frozen=True, slots=True)
class VisitView:
    """A visit that goes on. ``label`` is empty where no badge was shown, or once it is forgotten."""

    id: str
    number: str
    label: str
    lane: str
    began_at: str
    findings: int = 0
    notices: int = 0


@dataclass(frozen=True, slots=True)
class FindingView:
    """An open finding. ``due`` is the day that the first of its notices gives; empty before any."""

    id: str
    inspection: str
    kind: str
    severity: str
    made_at: str
    text: str
    due: str = ""


@dataclass(frozen=True, slots=True)
class InspectionBook:
    """Visits that go on and findings that are open, by id and oldest first. ``known`` has every id there was."""

    visits: Mapping[str, VisitView] = field(default_factory=dict)
    findings: Mapping[str, FindingView] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


def after(book: InspectionBook, row: Recorded) -> InspectionBook:
    """How things stand once one more thing has been written down."""
    visits, findings, at = book.visits, book.findings, row.at.text
    match row.event:
        case InspectionBegan(inspection, number, label):
            visits = {**visits, inspection: VisitView(inspection, number, label, row.lane, at)}
            return replace(book, visits=visits, known=book.known | {inspection})
        case FindingMade(inspection, finding, kind, severity, text):
            made = FindingView(finding, inspection, kind.value, severity.value, at, text)
            visits = _counted(visits, inspection, findings=1)
            return InspectionBook(visits, {**findings, finding: made}, book.known | {finding})
        case NoticeServed(inspection, notice, listed, _, due):
            findings = {key: _due(one, due) if key in listed else one for key, one in findings.items()}
            return InspectionBook(_counted(visits, inspection, notices=1), findings, book.known | {notice})
        case FindingClosed(finding):
            return replace(book, findings=_without(findings, finding))
        case InspectionEnded(inspection):
            return replace(book, visits=_without(visits, inspection))
        case _:
            return book


def _counted(
    visits: Mapping[str, VisitView], inspection: str, findings: int = 0, notices: int = 0
) -> Mapping[str, VisitView]:
    if inspection not in visits:
        return visits
    one = visits[inspection]
    return {**visits, inspection: replace(one, findings=one.findings + findings, notices=one.notices + notices)}


def _due(finding: FindingView, due: str) -> FindingView:
    return replace(finding, due=min(finding.due or due, due))


def _without(found: Mapping[str, V], gone: str) -> Mapping[str, V]:
    return {key: view for key, view in found.items() if key != gone}
