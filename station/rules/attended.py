"""On an attended lane nothing opens before the operator has tapped."""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.passes import Presented
from station.domain.reasons import Reason
from station.domain.situation import Mode, Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    del presented
    if situation.mode is Mode.ATTENDED:
        yield Finding(Outcome.HELD, Reason.AWAITING_OPERATOR)
