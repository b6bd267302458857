"""A badge signs an operator on, a batch names goods, a health certificate is evidence: none lets anybody pass alone."""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.joining import NOT_FOR_PASSING
from station.domain.passes import Presented, Rejected
from station.domain.reasons import Reason
from station.domain.situation import Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    del situation
    if not isinstance(presented, Rejected) and presented.kind in NOT_FOR_PASSING:
        yield Finding(Outcome.HELD, Reason.NOT_FOR_PASSING)
