"""An inspection (督查): an inspector's visit, what was found, the notice that asks for a remedy, and the remedy."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from station.domain.events.event import Event, UpTopic
from station.domain.events.incidents import Severity


class FindingKind(StrEnum):
    """What of a checkpoint's work is wanting."""

    CHECKING = "checking"
    DISINFECTION = "disinfection"
    PROTECTION = "protection"
    STAFFING = "staffing"
    RECORDS = "records"
    EQUIPMENT = "equipment"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class InspectionBegan(Event):
    """``number`` is the inspector's, as on the badge; like the label it stays at the station. The row's lane is where
    the badge was shown; without one its operator is who wrote the visit down."""

    KIND: ClassVar = "inspection_began"
    SEALED: ClassVar = frozenset({"label"})
    TOPIC: ClassVar = UpTopic.INCIDENT
    TOLD: ClassVar = ("inspection",)

    inspection: str
    number: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class FindingMade(Event):
    KIND: ClassVar = "finding_made"
    SEALED: ClassVar = frozenset({"text"})
    TOPIC: ClassVar = UpTopic.INCIDENT
    TOLD: ClassVar = ("inspection", "finding", "kind", "severity", "text")

    inspection: str
    finding: str
    kind: FindingKind
    severity: Severity
    text: str = ""


@dataclass(frozen=True, slots=True)
class NoticeServed(Event):
    """The findings are to be closed by the end of the day ``due`` (YYYY-MM-DD, the station's). Some may be an earlier
    visit's."""

    KIND: ClassVar = "notice_served"
    SEALED: ClassVar = frozenset({"text"})
    TOPIC: ClassVar = UpTopic.INCIDENT
    TOLD: ClassVar = ("inspection", "notice", "findings", "text", "due")

    inspection: str
    notice: str
    findings: tuple[str, ...]
    text: str
    due: str


@dataclass(frozen=True, slots=True)
class FindingClosed(Event):
    """``text`` says what was done about it; often days after the visit."""

    KIND: ClassVar = "finding_closed"
    SEALED: ClassVar = frozenset({"text"})
    TOPIC: ClassVar = UpTopic.INCIDENT
    TOLD: ClassVar = ("finding", "text")

    finding: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class InspectionEnded(Event):
    KIND: ClassVar = "inspection_ended"
    TOPIC: ClassVar = UpTopic.INCIDENT
    TOLD: ClassVar = ("inspection",)

    inspection: str
