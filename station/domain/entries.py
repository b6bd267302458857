"""How a decision becomes a ledger row: pure functions from what was seen and decided to the entry to be written.

``evidence`` of a row holds the five musts by source, and beside them ``celsius`` (the measurement), ``proposed`` (the
outcome offered as one tap), ``valid_until`` and ``from`` (the pass's GB/T 2260 origin).
"""

from dataclasses import replace

from station.domain.decision import Decision, Outcome
from station.domain.moment import Moment
from station.domain.origin import OriginClasses
from station.domain.passage import UNKNOWN_ORIGIN, Entry, EntryType, Personal, Row, TallyKey
from station.domain.passes import Pass, Presented, Rejected, TrafficKind
from station.domain.reasons import Reason
from station.domain.situation import LaneKind, Situation

LONGEST_TEXT = 512


def decided(
    presented: Presented, situation: Situation, decision: Decision, code_id: str, origins: OriginClasses
) -> Entry:
    """The first row of a passage, decided by the rules."""
    traffic = _traffic(presented, situation.lane_kind)
    party = presented.party if isinstance(presented, Pass) else 1
    origin = origins.of(presented.origin) if isinstance(presented, Pass) else UNKNOWN_ORIGIN
    return Entry(
        type=EntryType.PASSAGE,
        at=situation.at,
        key=TallyKey(situation.lane, situation.at.minute, traffic, origin, decision.outcome),
        vehicles=0 if traffic is TrafficKind.PERSON else 1,
        persons=party,
        reasons=decision.reasons,
        pass_id=code_id,
        pass_kind=presented.kind if isinstance(presented, Pass) else "",
        evidence=_evidence(presented, situation, decision),
        personal=_personal(presented),
    )


def presented_again(before: Row, fresh: Entry) -> Entry:
    """The same code shown again while its passage is still open: the passage stands where it counted first, under the
    new decision, unless a person has decided already."""
    by_operator = Reason.BY_OPERATOR in before.entry.reasons
    last = before.entry
    return replace(
        fresh,
        type=EntryType.AMENDMENT,
        amends=before.passage,
        replaces=before.seq,
        key=replace(last.key, outcome=last.key.outcome if by_operator else fresh.key.outcome),
        reasons=last.reasons if by_operator else fresh.reasons,
        operator=last.operator,
    )


def decided_by_operator(before: Row, outcome: Outcome, operator: str, at: Moment) -> Entry:
    """What the operator made of a passage."""
    return replace(
        before.entry,
        type=EntryType.AMENDMENT,
        at=at,
        key=replace(before.entry.key, outcome=outcome),
        reasons=(Reason.BY_OPERATOR,),
        operator=operator,
        amends=before.passage,
        replaces=before.seq,
    )


def registered_by_hand(situation: Situation, outcome: Outcome, operator: str) -> Entry:
    """A vehicle or person without a code, or with the camera lost."""
    traffic = _traffic(None, situation.lane_kind)
    return Entry(
        type=EntryType.PASSAGE,
        at=situation.at,
        key=TallyKey(situation.lane, situation.at.minute, traffic, UNKNOWN_ORIGIN, outcome),
        vehicles=0 if traffic is TrafficKind.PERSON else 1,
        persons=1,
        reasons=(Reason.BY_OPERATOR, Reason.WITHOUT_CODE),
        operator=operator,
    )


def operators_last(history: list[Row]) -> int | None:
    """Where in a passage's rows, first to last, stands the operator's decision that holds now; None if none does.

    What was taken back is not taken back again. A code shown again since left the decision as it was.
    """
    place = len(history) - 1
    while place > 0 and _same_decision(history[place], history[place - 1]):
        place -= 1
    reasons = history[place].entry.reasons
    return place if Reason.BY_OPERATOR in reasons and Reason.UNDONE not in reasons else None


def _same_decision(row: Row, before: Row) -> bool:
    return (row.entry.key.outcome, row.entry.reasons, row.entry.operator) == (
        before.entry.key.outcome,
        before.entry.reasons,
        before.entry.operator,
    )


def undone(history: list[Row], decided: int, operator: str, at: Moment) -> Entry:
    """Take back the operator's decision at place ``decided`` of a passage's rows: the passage stands as it did before
    it. One that began by hand never was."""
    last = history[-1]
    before = history[decided - 1].entry if decided else replace(last.entry, passages=0, vehicles=0, persons=0)
    return replace(
        before,
        type=EntryType.AMENDMENT,
        at=at,
        key=replace(before.key, minute=last.entry.key.minute),
        reasons=(*(reason for reason in before.reasons if reason is not Reason.UNDONE), Reason.UNDONE),
        operator=operator,
        amends=last.passage,
        replaces=last.seq,
    )


def _traffic(presented: Presented | None, lane_kind: LaneKind) -> TrafficKind:
    if lane_kind is LaneKind.PERSON:
        return TrafficKind.PERSON
    if isinstance(presented, Pass) and presented.traffic is not None:
        return presented.traffic
    return TrafficKind.CAR


def _evidence(presented: Presented, situation: Situation, decision: Decision) -> dict[str, str]:
    evidence = {must.value: source.value for must, source in decision.musts.items()}
    evidence["proposed"] = decision.proposed.value
    if situation.temperature is not None:
        evidence["celsius"] = f"{situation.temperature:.1f}"
    if isinstance(presented, Pass):
        evidence["valid_until"] = presented.expires.isoformat().replace("+00:00", "Z")
        evidence["from"] = presented.origin
    return evidence


def _personal(presented: Presented) -> Personal:
    if isinstance(presented, Rejected):
        return Personal(text=presented.text[:LONGEST_TEXT])
    return Personal(label=presented.label, plate=presented.plate)
