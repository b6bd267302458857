"""What is to be simulated, and by seed which faults befall each station, and when."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Fault(StrEnum):
    """What can go wrong with a station or on its way to the hub."""

    DUPLICATE = "duplicate"  # a segment arrives twice
    LOSE = "lose"  # a segment is lost after the broker's PUBACK
    REORDER = "reorder"  # a segment arrives after the one that follows it
    RESTART = "restart"  # the power goes, and comes back
    RESTORED = "restored"  # an old copy of the card is put back
    NEW_CARD = "new-card"  # the card is replaced by an empty one
    JUMP = "jump"  # the clock is set to another time
    LATE_CLOCK = "late-clock"  # the clock cannot be believed until it is set


ON_THE_WAY = (Fault.DUPLICATE, Fault.LOSE, Fault.REORDER)
EVENTS = tuple(fault for fault in Fault if fault not in ON_THE_WAY)
_SHARE_ON_THE_WAY = 0.15  # of the segments, for each such fault
_CHANCE_OF_EVENT = 0.5  # of each event to befall a station


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``every``: seconds between two passages of one station. ``seconds`` is how long traffic lasts after second 0,
    ``outage`` how long it went on before, with no way to the hub. ``pace``: seconds of a station's clock in one."""

    district: str
    stations: int
    lanes: int
    seed: int
    every: float
    seconds: float
    begin: datetime
    zone: ZoneInfo
    outage: float = 0.0
    pace: float = 1.0
    faults: frozenset[Fault] = frozenset()
    ramp: float = 10.0
    live_seconds: float = 2.0
    segment_seconds: float = 5.0
    resend_seconds: float = 10.0
    longest_backoff: float = 30.0

    def station(self, index: int) -> str:
        return f"sim-{self.seed}-{index:05}"

    def chance(self, index: int, what: str) -> random.Random:
        """The same chances for the same seed, station and use, whatever else was drawn."""
        return random.Random(f"{self.seed} {index} {what}")

    def epoch(self, index: int, card: int) -> int:
        """A card's epoch: another one in every run, for the same passages at another time are other passages."""
        return random.Random(f"{self.begin} {self.seed} {index} {card}").getrandbits(63)

    def events(self, index: int) -> list[tuple[float, Fault]]:
        """When which event befalls a station, in order, in its own seconds; the last quarter is left in peace."""
        chance = self.chance(index, "events")
        last = 0.75 * self.seconds * self.pace
        drawn = [(chance.uniform(0, last), chance.random(), fault) for fault in EVENTS]
        return sorted((at, fault) for at, dice, fault in drawn if fault in self.faults and dice < _CHANCE_OF_EVENT)

    def on_the_way(self) -> Mapping[Fault, float]:
        """The share of segments that each fault on the way befalls."""
        return {fault: _SHARE_ON_THE_WAY for fault in ON_THE_WAY if fault in self.faults}
