"""What happened at a lane during a shift: what both sides look at when one hands over to the other."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """Passages first decided during the shift, under their outcome now. ``held`` still wait for somebody."""

    lane: str
    granted: int = 0
    held: int = 0
    denied: int = 0
    vehicles: int = 0
    persons: int = 0
    unmatched: int = 0

    @property
    def line(self) -> str:
        """As it is written down, e.g. ``lane=1 granted=120 held=2 ..``."""
        return " ".join(f"{name}={value}" for name, value in asdict(self).items())
