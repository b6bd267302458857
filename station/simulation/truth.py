"""The ground truth, and what a hub counted beside it: by station, lane, minute, kind, origin and outcome."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from station.domain.totals import KeyedTotal

COUNTS = ("passages", "vehicles", "persons")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where truth and hub differ: what the count is of, which count, and both figures."""

    of: tuple[str, ...]
    count: str
    truth: int
    hub: int

    def __str__(self) -> str:
        return f"{' '.join(self.of)}: {self.count} {self.truth} in truth, {self.hub} at the hub"


def write(path: Path, rows: Iterable[KeyedTotal]) -> int:
    """JSON Lines, one total a line. :return: how many passages that is."""
    passages, members = 0, KeyedTotal.__slots__
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({name: getattr(row, name) for name in members}, ensure_ascii=False) + "\n")
            passages += row.passages
    return passages


def read(path: Path) -> Iterator[KeyedTotal]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield KeyedTotal(**json.loads(line))


Sums = Mapping[tuple[str, ...], Mapping[str, int]]


def summed(rows: Iterable[KeyedTotal], by: Sequence[str]) -> Sums:
    """Totals by some of the members, with ``granted``, ``held`` and ``denied`` counting passages as the hub's API
    says them; those that count nothing are left out."""
    sums: dict[tuple[str, ...], Counter[str]] = {}
    for row in rows:
        if row.passages:
            sum_ = sums.setdefault(tuple(getattr(row, name) for name in by), Counter())
            sum_.update({name: getattr(row, name) for name in COUNTS} | {row.outcome: row.passages})
    return sums


def differences(truth: Sums, hub: Sums) -> list[Difference]:
    """Everything that is not the same, in order."""
    found = []
    for of in sorted(truth.keys() | hub.keys()):
        ours, theirs = truth.get(of, {}), hub.get(of, {})
        found += [
            Difference(of, name, ours.get(name, 0), theirs.get(name, 0))
            for name in sorted(ours.keys() | theirs.keys())
            if ours.get(name, 0) != theirs.get(name, 0)
        ]
    return found
