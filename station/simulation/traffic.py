"""What passes a station, by seed: a passage in every slot of time, some of them decided again later."""

import heapq
import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from station.domain.decision import Outcome
from station.domain.origin import CLASSES
from station.domain.passes import TrafficKind

_KINDS = (TrafficKind.CAR, TrafficKind.TRUCK, TrafficKind.BUS, TrafficKind.MOTORCYCLE, TrafficKind.PERSON)
_KIND_WEIGHTS = (60, 80, 84, 90, 100)
_ORIGIN_WEIGHTS = (2, 6, 26, 92, 100)
_OUTCOMES = (Outcome.GRANTED, Outcome.HELD, Outcome.DENIED)
_OUTCOME_WEIGHTS = (84, 95, 100)
_DECIDED_AGAIN = {Outcome.GRANTED: 0.02, Outcome.HELD: 0.8, Outcome.DENIED: 0.05}
_LATEST_DECISION = 90.0

T = TypeVar("T")


class Row(NamedTuple):
    """A row of the ledger ``at`` seconds. ``before`` is None in a passage's first row, else the outcome it had.
    ``again``: another row of this passage follows."""

    at: float
    passage: int
    lane: str
    kind: TrafficKind
    origin: str
    before: Outcome | None
    outcome: Outcome
    vehicles: int
    persons: int
    again: bool


def rows(seed: str, lanes: int, every: float, begin: float) -> Iterator[Row]:
    """Rows of one station from ``begin`` on, in the order of time, without end."""
    chance = random.Random(seed)
    later: list[tuple[float, int, Row]] = []
    passage, slot = 0, begin
    while True:
        first = _passage(chance, passage, slot + chance.random() * every, lanes)
        while later and later[0][0] <= first.at:
            yield heapq.heappop(later)[2]
        if first.again:
            again = _again(chance, first)
            heapq.heappush(later, (again.at, again.passage, again))
        yield first
        passage, slot = passage + 1, slot + every


def _passage(chance: random.Random, number: int, at: float, lanes: int) -> Row:
    kind = _drawn(chance, _KINDS, _KIND_WEIGHTS)
    outcome = _drawn(chance, _OUTCOMES, _OUTCOME_WEIGHTS)
    return Row(
        at=at,
        passage=number,
        lane=str(1 + int(chance.random() * lanes)),
        kind=kind,
        origin=_drawn(chance, CLASSES, _ORIGIN_WEIGHTS),
        before=None,
        outcome=outcome,
        vehicles=0 if kind is TrafficKind.PERSON else 1,
        persons=1 if kind is TrafficKind.PERSON else 1 + int(chance.random() * 4),
        again=chance.random() < _DECIDED_AGAIN[outcome],
    )


def _drawn(chance: random.Random, among: Sequence[T], weights: Sequence[int]) -> T:
    """One of them as ``random.choices`` draws it, which takes thrice as long about it. ``weights`` are summed up."""
    return among[bisect(weights, chance.random() * weights[-1])]


def _again(chance: random.Random, first: Row) -> Row:
    """The operator decides a held one, or takes a decision back."""
    others = [outcome for outcome in _OUTCOMES if outcome is not first.outcome]
    return Row(
        at=first.at + chance.random() * _LATEST_DECISION,
        passage=first.passage,
        lane=first.lane,
        kind=first.kind,
        origin=first.origin,
        before=first.outcome,
        outcome=others[int(chance.random() * 2)],
        vehicles=first.vehicles,
        persons=first.persons,
        again=False,
    )
