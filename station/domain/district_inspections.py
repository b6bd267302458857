"""Inspections as the district looks at them."""

from dataclasses import dataclass


class UnknownInspection(LookupError):
    """No such inspection is at or beneath this level."""


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """A visit. Times are RFC 3339 UTC, empty for what has not happened. ``due`` is the first day that a notice of this
    visit gives for a finding that is still open; ``overdue``: that day is over."""

    id: str
    station: str
    name: str
    levels: tuple[str, ...]
    lane: str
    began_at: str
    ended_at: str
    findings: int
    open_findings: int
    notices: int
    due: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class FindingRow:
    """``closing`` is what was said when it was closed."""

    id: str
    kind: str
    severity: str
    words: str
    made_at: str
    closing: str
    closed_at: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """``open_findings`` of its ``findings``, which may be an earlier visit's."""

    id: str
    served_at: str
    due: str
    words: str
    findings: int
    open_findings: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class MonthRow:
    """What was done in a month (YYYY-MM): visits begun, findings made, notices served, findings closed."""

    month: str
    checks: int
    problems: int
    notices: int
    closures: int
