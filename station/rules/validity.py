"""Is the pass good at this time? Without a clock to trust, that is for the operator to say."""

from collections.abc import Iterator
from datetime import timedelta

from station.domain.decision import Finding, Outcome
from station.domain.moment import Moment
from station.domain.passes import Pass, Presented
from station.domain.reasons import Reason
from station.domain.situation import Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    if isinstance(presented, Pass):
        yield from at_time(presented, situation.at, situation.policy.issuer_leeway)


def at_time(shown: Pass, at: Moment, leeway: float) -> Iterator[Finding]:
    """Valid from ``not_before`` on and until just before ``expires`` (RFC 8392 sections 3.1.4 and 3.1.5).

    :param leeway: seconds that the issuer's clock may be ahead. A pass that was issued a moment ago is shown at once;
        nothing is gained by a longer life, so ``expires`` has none.
    """
    if not at.trusted:
        yield Finding(Outcome.HELD, Reason.CLOCK_UNTRUSTED)
    elif at.utc >= shown.expires:
        yield Finding(Outcome.DENIED, Reason.EXPIRED)
    elif at.utc + timedelta(seconds=leeway) < shown.not_before:
        yield Finding(Outcome.DENIED, Reason.NOT_YET_VALID)
