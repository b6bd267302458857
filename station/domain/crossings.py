"""What passes a lane, in the words of reconciliation. Times are monotonic seconds, all by one clock."""

from dataclasses import dataclass
from enum import StrEnum

from station.domain.decision import Outcome
from station.domain.passage import Entry
from station.domain.situation import LaneKind


class Heading(StrEnum):
    """Which way something went. A single beam cannot tell; ``TURNED_BACK`` left where it had come from."""

    UNKNOWN = "unknown"
    FORWARD = "forward"
    BACKWARD = "backward"
    TURNED_BACK = "turned_back"


# What happens at a lane


@dataclass(frozen=True, slots=True)
class Sighting:
    """From ``at`` on something is in the way, or nothing any more. ``heading`` belongs to what has just left."""

    occupied: bool
    at: float
    heading: Heading = Heading.UNKNOWN


@dataclass(frozen=True, slots=True)
class SensorLost:
    """Nothing is seen from now on; the next sighting says that the sensor is back and how it stands."""

    at: float


@dataclass(frozen=True, slots=True)
class Decided:
    """How many crossings a passage admits as it stands now: 0 unless granted. A tap, an undo, a correction and an
    opening by hand are all rows of a passage, so each of them arrives as this."""

    passage: int
    admits: int
    at: float


@dataclass(frozen=True, slots=True)
class EmergencySwitched:
    """The emergency-open switch was thrown or put back."""

    on: bool
    at: float


@dataclass(frozen=True, slots=True)
class Tick:
    """Time went by."""

    at: float


Event = Sighting | SensorLost | Decided | EmergencySwitched | Tick


# What it comes to


class Account(StrEnum):
    """What a crossing is accounted for as: exactly one of these."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    TAILGATING = "tailgating"
    WRONG_DIRECTION = "wrong_direction"
    UNDER_EMERGENCY = "under_emergency"
    SENSOR_FAULT = "sensor_fault"
    TURNED_BACK = "turned_back"

    @property
    def crossed(self) -> bool:
        """Something is known to have passed: it counts as a crossing."""
        return self not in (Account.SENSOR_FAULT, Account.TURNED_BACK)

    @property
    def without_decision(self) -> bool:
        """It counts as an unmatched crossing."""
        return self in (Account.UNMATCHED, Account.TAILGATING, Account.WRONG_DIRECTION)


@dataclass(frozen=True, slots=True)
class Crossing:
    """``passage`` is whose crossing it was (matched), or whom it followed through (tailgating); else None."""

    account: Account
    passage: int | None
    began: float
    ended: float
    heading: Heading


class Absence(StrEnum):
    """Why a granted passage was not seen to cross: it did not, or the sensor was blind for a part of its time."""

    NEVER_CROSSED = "never_crossed"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Expired:
    """A granted passage's time is over with ``missing`` of its crossings not seen."""

    passage: int
    missing: int
    absence: Absence
    at: float


Fact = Crossing | Expired


def decided(passage: int, entry: Entry, kind: LaneKind, at: float) -> Decided:
    """On a vehicle lane a passage crosses once however many sit in it (a bus's persons come from its manifest or from
    the operator); on a person lane each person crosses. What was taken back altogether admits nobody."""
    crossings = entry.persons if kind is LaneKind.PERSON else 1
    return Decided(passage, crossings if entry.key.outcome is Outcome.GRANTED and entry.passages else 0, at)
