"""What speaks against a certificate or a batch that was shown beside the pass: the operator has to look."""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.passes import Presented
from station.domain.situation import Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    del presented
    yield from (Finding(Outcome.HELD, reason) for reason in situation.beside.against)
