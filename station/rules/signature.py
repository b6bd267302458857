"""Is this a pass at all, and a genuine one?"""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.passes import Presented, Rejected
from station.domain.reasons import Reason
from station.domain.situation import Situation

# A stranger's code or a damaged pass is for the operator to look at; a pass that lies is turned back.
_OUTCOMES = {
    Reason.NOT_A_PASS: Outcome.HELD,
    Reason.MALFORMED: Outcome.DENIED,
    Reason.FORGED: Outcome.DENIED,
    Reason.UNKNOWN_ISSUER: Outcome.DENIED,
    Reason.INCOMPLETE: Outcome.HELD,
}


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    del situation
    if isinstance(presented, Rejected):
        yield Finding(_OUTCOMES[presented.reason], presented.reason)
