"""Who was on duty, as the station writes it down."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from station.domain.details import BadgeRole
from station.domain.events.event import Event


class SignedOnBy(StrEnum):
    BADGE = "badge"
    PIN = "pin"


@dataclass(frozen=True, slots=True)
class ShiftBegan(Event):
    """``lanes`` are those whose records carry the operator's number from now on. Signed on again, the lanes add up."""

    KIND: ClassVar = "shift_began"
    SEALED: ClassVar = frozenset({"label"})

    number: str
    label: str
    team: str
    role: BadgeRole
    by: SignedOnBy
    lanes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShiftEnded(Event):
    KIND: ClassVar = "shift_ended"

    number: str


@dataclass(frozen=True, slots=True)
class SignOnRefused(Event):
    """``reasons`` are those of the rules, or one word of a refusal (shifts.py of station/duty)."""

    KIND: ClassVar = "sign_on_refused"

    number: str
    by: SignedOnBy
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandedOver(Event):
    """Both sides have looked at what happened since ``since`` (RFC 3339 UTC) and confirmed it. ``figures`` is one line
    a lane, as it was shown to them (domain/shift_figures.py)."""

    KIND: ClassVar = "handed_over"

    giver: str
    taker: str
    since: str
    figures: tuple[str, ...]
