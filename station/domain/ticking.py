"""Ticks: the operator vouches for one of the five musts of a passage, or takes that back.

A tick is a row of the passage. It changes what the rules propose and never what was decided: a chip opens no gate.
"""

from collections.abc import Sequence
from dataclasses import replace

from station.domain.decision import Decision, Source
from station.domain.entries import as_a_person_decided
from station.domain.moment import Moment
from station.domain.passage import Entry, EntryType, Row
from station.domain.passes import Must


def ticks_of(entry: Entry) -> frozenset[Must]:
    """What the operator has vouched for by now."""
    return frozenset(must for must in Must if entry.evidence.get(must.value) == Source.OPERATOR)


def met_with(entry: Entry, must: Must) -> dict[Must, Source]:
    """What is met once the operator has ticked ``must``."""
    return {**met(entry), must: Source.OPERATOR}


def met_without(history: Sequence[Row], must: Must) -> dict[Must, Source]:
    """What is met once the tick is taken back: the must rests again on what it rested on before."""
    earlier = _before_the_tick(history, must)
    rest = {other: source for other, source in met(history[-1].entry).items() if other is not must}
    return rest if earlier is None else {**rest, must: earlier}


def met(entry: Entry) -> dict[Must, Source]:
    return {must: Source(entry.evidence[must.value]) for must in Must if must.value in entry.evidence}


def _before_the_tick(history: Sequence[Row], must: Must) -> Source | None:
    sources = (met(row.entry).get(must) for row in reversed(history))
    return next((source for source in sources if source is not Source.OPERATOR), None)


def looked_at_again(before: Row, decision: Decision, operator: str, at: Moment) -> Entry:
    """The passage with its musts as they are met now, and what the rules make of that. What a person decided stands."""
    last = before.entry
    musts = {must.value: source.value for must, source in decision.musts.items()}
    amended = replace(
        last,
        type=EntryType.AMENDMENT,
        at=at,
        amends=before.passage,
        replaces=before.seq,
        key=replace(last.key, outcome=decision.outcome),
        reasons=decision.reasons,
        operator=operator,
        evidence=_beside_the_musts(last) | musts | {"proposed": decision.proposed.value},
    )
    return as_a_person_decided(last, amended)


def _beside_the_musts(entry: Entry) -> dict[str, str]:
    return {name: value for name, value in entry.evidence.items() if name not in tuple(Must)}
