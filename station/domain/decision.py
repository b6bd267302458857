"""What the rules and the operator come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from station.domain.passes import Must
from station.domain.reasons import Reason


class Outcome(StrEnum):
    GRANTED = "granted"
    HELD = "held"
    DENIED = "denied"

    @property
    def severity(self) -> int:
        """The worst finding decides: denied over held over granted."""
        return _SEVERITY[self]


_SEVERITY = {Outcome.GRANTED: 0, Outcome.HELD: 1, Outcome.DENIED: 2}


class Source(StrEnum):
    """Where the evidence for one of the five musts comes from."""

    DECLARED = "declared"
    ATTESTED = "attested"
    SENSOR = "sensor"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule has against granting."""

    outcome: Outcome
    reason: Reason


@dataclass(frozen=True, slots=True)
class Decision:
    """``outcome`` is what counts. ``proposed`` is what it would be if nobody had to tap; where the two differ
    the screen offers ``proposed`` as the one tap. ``musts`` names the evidence for each must that is met."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    proposed: Outcome
    musts: Mapping[Must, Source] = field(default_factory=dict)
