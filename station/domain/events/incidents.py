"""An incident from report to closure, as the station writes it down."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from station.domain.events.event import Event, UpTopic

LONGEST_TEXT = 200
"""Characters that a volunteer may write: enough to say what is wrong, too few for a file on somebody."""

NO_PHOTO = "none"
"""In place of a picture's name: it was asked for, and the camera gave none or the disk did not take it."""


class IncidentKind(StrEnum):
    """``UNMATCHED`` is opened by the station itself: something crossed that nobody had decided on."""

    FEVER = "fever"
    LIST_HIT = "list_hit"
    REFUSAL = "refusal"
    CROWD = "crowd"
    EQUIPMENT = "equipment"
    UNMATCHED = "unmatched"
    OTHER = "other"


class Severity(StrEnum):
    NOTICE = "notice"
    SERIOUS = "serious"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class IncidentOpened(Event):
    """``incident`` is its id. ``crossing`` is the ledger row of the crossing it is about, 0 if it is about none.
    ``photo`` names the sealed picture of its lane: empty where none was asked for, ``NO_PHOTO`` where there was none.
    It stays at the station."""

    KIND: ClassVar = "incident_opened"
    SEALED: ClassVar = frozenset({"text"})
    TOPIC: ClassVar = UpTopic.INCIDENT
    TOLD: ClassVar = ("incident", "kind", "severity", "text")

    incident: str
    kind: IncidentKind
    severity: Severity
    text: str = ""
    crossing: int = 0
    photo: str = ""


@dataclass(frozen=True, slots=True)
class IncidentUpdated(Event):
    KIND: ClassVar = "incident_updated"
    SEALED: ClassVar = frozenset({"text"})
    TOPIC: ClassVar = UpTopic.INCIDENT
    TOLD: ClassVar = ("incident", "severity", "text")

    incident: str
    severity: Severity
    text: str = ""


@dataclass(frozen=True, slots=True)
class IncidentClosed(Event):
    """``text`` says what came of it."""

    KIND: ClassVar = "incident_closed"
    SEALED: ClassVar = frozenset({"text"})
    TOPIC: ClassVar = UpTopic.INCIDENT
    TOLD: ClassVar = ("incident", "text")

    incident: str
    text: str = ""
