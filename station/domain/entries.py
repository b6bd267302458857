"""How a decision becomes a ledger row: pure functions from what was seen and decided to the entry to be written.

``evidence`` of a row holds the five musts by source, and beside them ``celsius`` (the measurement), ``proposed`` (the
outcome offered as one tap), ``valid_until`` and ``from`` (the pass's GB/T 2260 origin). Of what was shown beside the
pass it holds ``certificates``, ``goods`` and ``against`` (situation.py), each a list with spaces, and in ``beside`` the
code that the row was written for. ``strangers`` are digests of strangers' codes that were seen beside the passage's
own. ``found`` is what the rules have against it while a person's decision stands, and ``decided_at`` when that was,
once more has been shown since. ``aside`` is since when the passage stands in the parking bay (aside.py), and
``persons`` how many there were of a registration by hand that was taken back.
"""

from collections.abc import Mapping
from dataclasses import replace

from station.domain.decision import Decision, Outcome
from station.domain.joining import BESIDE_KEYS, kept, kind_of, rides_beside
from station.domain.moment import Moment
from station.domain.origin import OriginClasses
from station.domain.passage import UNKNOWN_ORIGIN, Entry, EntryType, Personal, Row, TallyKey
from station.domain.passes import Pass, Presented, Rejected, TrafficKind
from station.domain.reasons import Reason
from station.domain.said import said_by, until, with_said
from station.domain.situation import LaneKind, Situation

LONGEST_TEXT = 512
STRANGERS = "strangers"
MAX_STRANGERS = 4


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
        vehicles=_vehicles(traffic),
        persons=party,
        reasons=decision.reasons,
        pass_id=code_id,
        pass_kind=kind_of(presented) or "",
        evidence=_evidence(presented, situation, decision),
        personal=_personal(presented),
    )


def stranger_beside(host: Row, code_id: str, at: Moment) -> Entry | None:
    """A passage with a stranger's code noted that was seen beside its own. Nothing else of it changes.

    :return: None where it is noted already, or as many are as are kept.
    """
    last = host.entry
    noted = last.evidence.get(STRANGERS, "").split()
    if code_id in (*noted, last.pass_id) or len(noted) >= MAX_STRANGERS:
        return None
    return replace(
        last,
        type=EntryType.AMENDMENT,
        at=at,
        amends=host.passage,
        replaces=host.seq,
        evidence={**last.evidence, STRANGERS: " ".join((*noted, code_id))},
    )


def _strangers_of(before: Entry, fresh: Entry) -> dict[str, str]:
    """The strangers' codes of a passage, with the one that began it when a pass takes it over."""
    began_it = (before.pass_id,) if Reason.NOT_A_PASS in before.reasons and before.pass_id != fresh.pass_id else ()
    codes = list(dict.fromkeys((*began_it, *before.evidence.get(STRANGERS, "").split())))[:MAX_STRANGERS]
    return {STRANGERS: " ".join(codes)} if codes else {}


def presented_again(before: Row, fresh: Entry) -> Entry:
    """A pass shown again while its passage is open, or the one that a certificate came before: the passage goes on in
    the minute it began, under the new decision, unless a person has decided already."""
    last = before.entry
    amended = replace(
        fresh,
        type=EntryType.AMENDMENT,
        amends=before.passage,
        replaces=before.seq,
        key=replace(fresh.key, minute=last.key.minute),
        evidence={**fresh.evidence, **_strangers_of(last, fresh)},
        personal=_told_since(last.personal, fresh.personal),
    )
    return as_a_person_decided(last, amended)


def shown_beside(before: Row, presented: Presented, situation: Situation, decision: Decision, code_id: str) -> Entry:
    """A certificate or a batch shown for an open passage: what it says is added, and the passage decided again."""
    last = before.entry
    told = _told_since(last.personal, _personal(presented))
    standing = _without(last.evidence, BESIDE_KEYS)
    amended = replace(
        last,
        type=EntryType.AMENDMENT,
        at=situation.at,
        amends=before.passage,
        replaces=before.seq,
        key=replace(last.key, outcome=decision.outcome),
        reasons=decision.reasons,
        evidence=standing | _found(situation, decision) | {"beside": code_id},
        personal=replace(last.personal, name=told.name, said=told.said),
    )
    return as_a_person_decided(last, amended)


def _told_since(before: Personal, fresh: Personal) -> Personal:
    """What a code tells, with what the passage's earlier ones told beside it."""
    names = dict.fromkeys(name for name in (*before.name.splitlines(), fresh.name) if name)
    return replace(fresh, name="\n".join(names), said=with_said(before.said, fresh.said))


def as_a_person_decided(last: Entry, amended: Entry) -> Entry:
    """Whatever is shown afterwards, a person's decision stands; what the rules made of it is kept beside it."""
    if Reason.BY_OPERATOR not in last.reasons:
        return amended
    return replace(
        amended,
        key=replace(amended.key, outcome=last.key.outcome),
        reasons=last.reasons,
        operator=last.operator,
        evidence={
            **amended.evidence,
            "found": " ".join(amended.reasons),
            "decided_at": last.evidence.get("decided_at", last.at.text),
        },
    )


def found_by_rules(entry: Entry) -> tuple[Reason, ...]:
    """What the rules had against a passage last, also where a person has decided since."""
    if Reason.BY_OPERATOR in entry.reasons:
        return tuple(Reason(reason) for reason in entry.evidence.get("found", "").split())
    return entry.reasons


def decided_by_operator(before: Row, outcome: Outcome, operator: str, at: Moment) -> Entry:
    """What the operator made of a passage. A registration by hand that was taken back counts again."""
    last = before.entry
    return replace(
        last if last.passages else _counting_again(last),
        type=EntryType.AMENDMENT,
        at=at,
        key=replace(last.key, outcome=outcome),
        reasons=(Reason.BY_OPERATOR,),
        operator=operator,
        amends=before.passage,
        replaces=before.seq,
        evidence={**_without(last.evidence, ("decided_at",)), "found": " ".join(found_by_rules(last))},
    )


def _counting_again(entry: Entry) -> Entry:
    persons = int(entry.evidence.get("persons", "1"))
    return replace(entry, passages=1, vehicles=_vehicles(entry.key.kind), persons=persons)


def held_for_the_disk(entry: Entry) -> Entry:
    """A row that could not be written: what the rules would have granted is held; a denial stays one."""
    outcome = entry.key.outcome if entry.key.outcome is Outcome.DENIED else Outcome.HELD
    reasons = (*entry.reasons, Reason.LEDGER_UNWRITABLE)
    return replace(entry, key=replace(entry.key, outcome=outcome), reasons=reasons)


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
    it, with what has been shown since. One that began by hand never was."""
    last = history[-1]
    if decided and history[decided - 1].entry.passages:
        stood, reasons = history[decided - 1].entry, _reasons_before(history, decided)
        entry = replace(last.entry, key=replace(last.entry.key, outcome=stood.key.outcome), reasons=reasons)
    else:
        evidence = {**last.entry.evidence, "persons": str(last.entry.persons)}
        entry = replace(last.entry, passages=0, vehicles=0, persons=0, evidence=evidence)
    return replace(
        entry,
        type=EntryType.AMENDMENT,
        at=at,
        reasons=(*(reason for reason in entry.reasons if reason is not Reason.UNDONE), Reason.UNDONE),
        operator=operator,
        amends=last.passage,
        replaces=last.seq,
    )


def _reasons_before(history: list[Row], decided: int) -> tuple[Reason, ...]:
    """The reasons of the row before the decision; of the rules, what they have found since."""
    stood = history[decided - 1].entry
    if Reason.BY_OPERATOR in stood.reasons or decided == len(history) - 1:
        return stood.reasons
    return found_by_rules(history[-1].entry)


def _traffic(presented: Presented | None, lane_kind: LaneKind) -> TrafficKind:
    if lane_kind is LaneKind.PERSON:
        return TrafficKind.PERSON
    if isinstance(presented, Pass) and presented.traffic is not None:
        return presented.traffic
    return TrafficKind.CAR


def _vehicles(traffic: TrafficKind) -> int:
    return 0 if traffic is TrafficKind.PERSON else 1


def _evidence(presented: Presented, situation: Situation, decision: Decision) -> dict[str, str]:
    evidence = _found(situation, decision)
    if situation.temperature is not None:
        evidence["celsius"] = f"{situation.temperature:.1f}"
    if isinstance(presented, Pass):
        evidence["valid_until"] = until(presented.expires)
        evidence["from"] = presented.origin
    return evidence


def _found(situation: Situation, decision: Decision) -> dict[str, str]:
    """What the rules found; of what stands beside the pass, a row has all or, where there is nothing, nothing."""
    musts = {must.value: source.value for must, source in decision.musts.items()}
    return musts | {"proposed": decision.proposed.value} | kept(situation.beside)


def _without(evidence: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in evidence.items() if name not in names}


def _personal(presented: Presented) -> Personal:
    """The text of a certificate that fails would tell all that it says, so it is not kept."""
    if isinstance(presented, Rejected):
        return Personal() if rides_beside(presented) else Personal(text=presented.text[:LONGEST_TEXT])
    name = presented.health.name if presented.health is not None else ""
    return Personal(label=presented.label, plate=presented.plate, name=name, said=said_by(presented))
