"""What a lane's picture suggests for the plate field. A person looks at it; nothing is decided by it."""

from dataclasses import dataclass

from station.domain.plates import PlateKind


@dataclass(frozen=True, slots=True)
class PlateSuggestion:
    """``origin`` is the class that vehicles of the plate's province usually count under (plate_origin.py),
    ``confidence`` 0 to 1, ``age_ms`` how long ago it was read. A plate: never into logs, counts or the ledger."""

    text: str
    kind: PlateKind
    origin: str
    confidence: float
    age_ms: int
