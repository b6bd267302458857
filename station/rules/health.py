"""A health certificate that says its holder was found positive."""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.passes import Pass, Presented, TestResult
from station.domain.reasons import Reason
from station.domain.situation import Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    del situation
    if isinstance(presented, Pass) and presented.health and presented.health.result is TestResult.POSITIVE:
        yield Finding(Outcome.HELD, Reason.TEST_POSITIVE)
