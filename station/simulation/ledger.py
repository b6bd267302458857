"""What a station's ledger would say: totals by key as they stand, and the segments that state them.

No row is kept. A total is what it comes to, a segment is the keys its rows touched; that is all a hub ever hears of.
"""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from station.messages import Segment, SegmentTally

MOST_KEYS = 300  # of the longest keys and counts, this many fit into a message of 64 KB


class Key(NamedTuple):
    lane: str
    minute: str
    kind: str
    origin: str
    outcome: str


@dataclass(slots=True)
class Total:
    passages: int = 0
    vehicles: int = 0
    persons: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of the ledger that one segment covers, and the keys they touched. ``mark`` stands for the last row's hash:
    rows that took the same numbers in another life of the card have another."""

    from_seq: int
    through_seq: int
    keys: tuple[Key, ...]
    mark: str


@dataclass(slots=True)
class SimulatedLedger:
    """``stretches`` are the segments cut so far, numbered from ``first``; ``acked`` is the last one the hub has
    without a gap. ``life`` is another one after each boot."""

    epoch: int
    life: str
    conn: int = 0
    seq: int = 0
    acked: int = 0
    first: int = 1
    totals: dict[Key, Total] = field(default_factory=dict)
    stretches: list[Stretch] = field(default_factory=list)
    _stored: set[int] = field(default_factory=set)
    _waiting: deque[Stretch] = field(default_factory=deque)
    _touched: dict[Key, None] = field(default_factory=dict)
    _begun: int = 0

    def write(self, key: Key, passages: int, vehicles: int, persons: int) -> None:
        """One row: it adds a passage under ``key``, or with counts below zero takes one away from there."""
        self.seq += 1
        self.touch(key, passages, vehicles, persons)
        if len(self._touched) >= MOST_KEYS:
            self._close()

    def touch(self, key: Key, passages: int, vehicles: int, persons: int) -> None:
        """Change a total within the row being written."""
        total = self.totals.get(key)
        if total is None:
            total = self.totals[key] = Total()
        total.passages += passages
        total.vehicles += vehicles
        total.persons += persons
        self._touched[key] = None

    @property
    def last(self) -> int:
        """Number of the last segment cut."""
        return self.first + len(self.stretches) - 1

    @property
    def unacknowledged(self) -> int:
        """Rows the hub has not said it stored."""
        left = self.stretches[self.acked + 1 - self.first :] or self._waiting
        return self.seq - (left[0].from_seq - 1 if left else self._begun)

    @property
    def backlog(self) -> bool:
        """There are more rows than one segment takes."""
        return bool(self._waiting)

    def cut(self) -> bool:
        """Number the next stretch of rows. False if there are none left."""
        if not self._waiting:
            self._close()
        if not self._waiting:
            return False
        self.stretches.append(self._waiting.popleft())
        return True

    def segment(self, number: int) -> Segment:
        """What the segment says now: every total as it stands, with the ledger's last row as its version."""
        stretch = self.stretches[number - self.first]
        tallies = tuple(map(self._tally, stretch.keys))
        return Segment(self.epoch, number, stretch.from_seq, stretch.through_seq, tallies, self._id(number))

    def acknowledge(self, number: int, ids: Collection[str]) -> bool:
        """The hub has the segments with these ids. If this ledger never gave ``number`` it is an old copy: what it has
        beyond the last one it knows of is offered under numbers after it.

        :return: whether segments were numbered anew.
        """
        self._stored.update(one for one in range(self.acked + 1, self.last + 1) if self._id(one) in ids)
        while self.acked + 1 in self._stored:
            self.acked += 1
            self._stored.discard(self.acked)
        if number <= self.last:
            return False
        self.stretches = self.stretches[self.acked + 1 - self.first :]
        self.first, self.acked = number + 1, number
        self._stored.clear()
        return True

    def has_stored(self, number: int) -> bool:
        """The hub has this one, but not all before it."""
        return number in self._stored

    def reopen(self, number: int) -> None:
        """The hub asks again from ``number`` on."""
        self.acked = min(self.acked, max(self.first - 1, number - 1))
        self._stored.clear()

    def stated(self) -> Iterator[tuple[Key, Total]]:
        """Totals that count something."""
        return ((key, total) for key, total in self.totals.items() if total.passages)

    def _close(self) -> None:
        if self.seq > self._begun:
            mark = f"{self.life}+{self.seq}"
            self._waiting.append(Stretch(self._begun + 1, self.seq, tuple(self._touched), mark))
            self._touched, self._begun = {}, self.seq

    def _id(self, number: int) -> str:
        return f"{number}-{self.stretches[number - self.first].mark}"

    def _tally(self, key: Key) -> SegmentTally:
        total = self.totals[key]
        return SegmentTally(*key, total.passages, total.vehicles, total.persons, self.seq)
