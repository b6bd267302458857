"""Who comes regularly, as the page for those without a code offers it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """A plate with what was said of it last; ``visits`` is how often it came of late."""

    plate: str
    traffic: str
    persons: int
    origin: str
    destination: str
    visits: int
