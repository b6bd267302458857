"""One vehicle or one person on foot that was decided on, and what a tally needs of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from station.domain.decision import Outcome
from station.domain.moment import Moment
from station.domain.passes import TrafficKind
from station.domain.reasons import Reason

UNKNOWN_ORIGIN = "unknown"


class EntryType(StrEnum):
    """A ledger row begins a passage, amends one, says what crossed the lane (crossing_rows.py), or tells of something
    else that happened (event_rows.py)."""

    PASSAGE = "passage"
    AMENDMENT = "amendment"
    CROSSING = "crossing"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class TallyKey:
    """What a passage counts under. ``minute`` is UTC, or ``boot:<id>+<minute>`` while time is unknown."""

    lane: str
    minute: str
    kind: TrafficKind
    origin: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Personal:
    """What names somebody or says how they live. Sealed at rest, forgotten on time, never in logs or counts.

    ``name`` is a certificate's holder in full, of several one a line: only an operator who asks gets to see it.
    ``said`` is what the pass says beside (said.py).
    """

    label: str = ""
    plate: str = ""
    text: str = ""
    name: str = field(default="", repr=False)
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row to be written. Every row of a passage carries the passage's whole state, so the last row says it all.

    ``amends`` is the passage's id in an amendment, None in a passage's first row. ``replaces`` is the row
    the author of an amendment saw; if another row came between, the amendment is refused. ``passages`` is 1, or 0
    once a registration by hand was taken back. ``evidence`` says what the decision rested on (see entries.py).
    """

    type: EntryType
    at: Moment
    key: TallyKey
    vehicles: int
    persons: int
    reasons: tuple[Reason, ...]
    passages: int = 1
    amends: int | None = None
    replaces: int | None = None
    pass_id: str = ""
    pass_kind: str = ""
    operator: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    personal: Personal = Personal()


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is on disk. ``passage`` is the id of the passage it belongs to: its first row's ``seq``."""

    seq: int
    passage: int
    entry: Entry
    hash: bytes


@dataclass(frozen=True, slots=True)
class LaneCounts:
    """A lane's passages of the local day by outcome now, and what was in them over all outcomes."""

    granted: int = 0
    held: int = 0
    denied: int = 0
    vehicles: int = 0
    persons: int = 0
    crossings: int = 0
    unmatched: int = 0
    last_at: str = ""

    @property
    def passages(self) -> int:
        return self.granted + self.held + self.denied


@dataclass(frozen=True, slots=True)
class Tally:
    """A key's total so far. ``version`` grows with every change inside one ledger's epoch."""

    key: TallyKey
    passages: int
    vehicles: int
    persons: int
    version: int
