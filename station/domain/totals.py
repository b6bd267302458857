"""What a station counted under one key, as it is compared: a simulation's truth with what a hub holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyedTotal:
    """The station, the members of a tally's key as text, and what it counts."""

    station: str
    lane: str
    minute: str
    kind: str
    origin: str
    outcome: str
    passages: int
    vehicles: int
    persons: int
