"""Is the pass good at this place?"""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.passes import Presented, Rejected
from station.domain.reasons import Reason
from station.domain.situation import Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    if isinstance(presented, Rejected):
        return
    scope = presented.scope
    here = {*situation.levels, situation.station}
    for limit in (scope.levels, scope.grids, scope.route):
        if limit and here.isdisjoint(limit):
            yield Finding(Outcome.DENIED, Reason.OUT_OF_SCOPE)
            return
    if scope.lanes and situation.lane not in scope.lanes:
        yield Finding(Outcome.HELD, Reason.WRONG_LANE)
