"""Incidents as the district looks at them, and what it does about one."""

from dataclasses import dataclass
from enum import StrEnum

LONGEST_NOTE = 500


class NoteStep(StrEnum):
    """What the district does about an incident. The station closes it; the district where its station cannot."""

    DISPATCHED = "dispatched"
    NOTED = "noted"
    CLOSED = "closed"


class UnknownIncident(LookupError):
    """No such incident is at or beneath this level."""


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """Times are RFC 3339 UTC, empty for what has not happened. ``closed_by`` is empty where the station closed it."""

    id: str
    station: str
    name: str
    levels: tuple[str, ...]
    lane: str
    kind: str
    severity: str
    words: str
    opened_at: str
    dispatched_at: str
    closed_at: str
    closed_by: str


@dataclass(frozen=True, slots=True)
class IncidentStep:
    """``step`` is opened, updated, dispatched, noted or closed; ``who`` is empty for the station."""

    at: str
    who: str
    step: str
    words: str
    severity: str = ""
