"""What the hub's lists have on a pass: taken back, watched for, or a household that the residents' list lacks."""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.lists import ListHit
from station.domain.passes import Presented
from station.domain.reasons import Reason
from station.domain.situation import Situation

_FINDINGS = {
    ListHit.REVOKED: Finding(Outcome.DENIED, Reason.REVOKED),
    ListHit.WATCHED: Finding(Outcome.HELD, Reason.ON_WATCHLIST),
    ListHit.NOT_RESIDENT: Finding(Outcome.HELD, Reason.NOT_RESIDENT),
}


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    del presented  # the lane has asked the lists about it
    yield from (finding for hit, finding in _FINDINGS.items() if hit in situation.list_hits)
