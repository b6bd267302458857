"""A bus's journey: its driver starts it, its passengers declare into its manifest (乘客名册)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.passes import Must

MOST_SEATS = 300


class TripRefusal(StrEnum):
    """``UNDER_WAY``: somebody else's journey with this bus is not over. ``FULL``: more persons than are aboard.
    ``NOT_STORED``: the hub's disk takes nothing."""

    UNDER_WAY = "under_way"
    NOT_STARTED = "not_started"
    FULL = "full"
    NOT_STORED = "not_stored"


class TripRefused(Exception):
    def __init__(self, refusal: TripRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Trip:
    """A journey as far as it has been declared; nobody in it has a name.

    ``seats`` are taken, of which ``declared`` persons declared. ``origin`` is the longest GB/T 2260 code that all of
    them share, empty when they share none; ``musts`` are those that every one of them declared. ``provinces`` counts
    persons by the provinces they come from or have been in. ``changed`` is when a declaration last came in.
    """

    board: str
    plate: str
    seats: int
    pass_id: str
    started: datetime
    changed: datetime
    expires: datetime
    declared: int
    origin: str
    musts: frozenset[Must]
    provinces: Mapping[str, int]

    @property
    def missing(self) -> int:
        return max(0, self.seats - self.declared)
