"""Fever is held for a second measurement; a thermometer that should be there and is not is a fault."""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.passes import Presented
from station.domain.reasons import Reason
from station.domain.situation import SensorState, Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    del presented
    if situation.temperature is not None and situation.temperature >= situation.policy.fever_from:
        yield Finding(Outcome.HELD, Reason.FEVER)
    if situation.thermometer is SensorState.LOST:
        yield Finding(Outcome.HELD, Reason.THERMOMETER_LOST)
