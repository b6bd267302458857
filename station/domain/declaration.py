"""What a driver or a passenger declares ahead on the phone (申报), before anything is signed."""

from dataclasses import dataclass

from station.domain.passes import Must, TrafficKind

MOST_IN_PARTY = 99
MOST_PLACES = 8
# Those that carry no plate by the road traffic law, or none that GA 36 knows.
WITHOUT_PLATE = frozenset({TrafficKind.BICYCLE, TrafficKind.OTHER, TrafficKind.PERSON})


@dataclass(frozen=True, slots=True)
class Declaration:
    """``origin`` is where the journey began and ``itinerary`` where else the party has been, as GB/T 2260 codes.
    ``musts`` are the ones declared to be met. A bus's passenger declares without ``plate`` and ``traffic``."""

    party: int
    origin: str
    itinerary: tuple[str, ...]
    musts: frozenset[Must]
    plate: str = ""
    traffic: TrafficKind | None = None
