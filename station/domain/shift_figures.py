"""What happened at a lane during a shift: what both sides look at when one hands over to the other."""

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """Passages first decided during the shift, under their outcome now. ``held`` still wait for somebody.
    ``emergencies`` is how often the emergency-open switch was thrown."""

    lane: str
    granted: int = 0
    held: int = 0
    denied: int = 0
    vehicles: int = 0
    persons: int = 0
    unmatched: int = 0
    emergencies: int = 0

    @property
    def line(self) -> str:
        """As it is written down, e.g. ``lane=1 granted=120 held=2 ..``."""
        return " ".join(f"{name}={value}" for name, value in asdict(self).items())


def figures_of(line: str) -> LaneFigures:
    """Read back what ``line`` wrote; figures that are not in it were not counted yet."""
    said = dict(part.split("=", 1) for part in line.split())
    counts = {item.name: int(said[item.name]) for item in fields(LaneFigures) if item.name in said.keys() - {"lane"}}
    return LaneFigures(said["lane"], **counts)
