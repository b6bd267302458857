"""Is the pass good at this time? Without a clock to trust, that is for the operator to say."""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.moment import Moment
from station.domain.passes import Pass, Presented
from station.domain.reasons import Reason
from station.domain.situation import Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    if isinstance(presented, Pass):
        yield from at_time(presented, situation.at)


def at_time(shown: Pass, at: Moment) -> Iterator[Finding]:
    """Valid from ``not_before`` on and until just before ``expires`` (RFC 8392 sections 3.1.4 and 3.1.5)."""
    if not at.trusted:
        yield Finding(Outcome.HELD, Reason.CLOCK_UNTRUSTED)
    elif at.utc >= shown.expires:
        yield Finding(Outcome.DENIED, Reason.EXPIRED)
    elif at.utc < shown.not_before:
        yield Finding(Outcome.DENIED, Reason.NOT_YET_VALID)
