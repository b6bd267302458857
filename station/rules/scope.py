"""Is the pass good at this place?"""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.passes import PassKind, Presented, Rejected
from station.domain.reasons import Reason
from station.domain.situation import Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    """A place is this station, its levels and its grids. A delivery stops at its drop-offs as well as on its route."""
    if isinstance(presented, Rejected):
        return
    scope = presented.scope
    here = {*situation.levels, *situation.grids, situation.station}
    if scope.grids and here.isdisjoint(scope.grids):
        badge = presented.kind is PassKind.BADGE
        yield Finding(Outcome.DENIED, Reason.OTHER_GRID if badge else Reason.OUT_OF_SCOPE)
    elif any(limit and here.isdisjoint(limit) for limit in (scope.levels, (*scope.route, *scope.drop_offs))):
        yield Finding(Outcome.DENIED, Reason.OUT_OF_SCOPE)
    elif scope.lanes and situation.lane not in scope.lanes:
        yield Finding(Outcome.HELD, Reason.WRONG_LANE)
