"""A bus whose passengers have not all declared waits for the rest."""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.details import ManifestDetails
from station.domain.passes import Pass, Presented
from station.domain.reasons import Reason
from station.domain.situation import Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    del situation
    if isinstance(presented, Pass) and isinstance(presented.details, ManifestDetails) and presented.details.missing:
        yield Finding(Outcome.HELD, Reason.PASSENGERS_MISSING)
