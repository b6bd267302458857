"""Was this pass used a moment ago? At another lane it may be a copy. Goods of one batch ride on several trucks."""

from collections.abc import Iterator

from station.domain.decision import Finding, Outcome
from station.domain.joining import kind_of
from station.domain.passes import PassKind, Presented
from station.domain.reasons import Reason
from station.domain.situation import Situation


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    if kind_of(presented) is PassKind.BATCH:
        return
    window = situation.policy.reuse_after
    used = [u for u in situation.recent_uses if u.outcome is Outcome.GRANTED and u.ago < window]
    if any(use.lane != situation.lane for use in used):
        yield Finding(Outcome.HELD, Reason.POSSIBLE_COPY)
    elif used:
        yield Finding(Outcome.HELD, Reason.USED_RECENTLY)
