"""What a lane is set up to be."""

from dataclasses import dataclass

from station.domain.origin import OriginClasses
from station.domain.reconciliation import Limits
from station.domain.situation import LaneKind, Mode, Policy


@dataclass(frozen=True, slots=True)
class LaneSettings:
    """``limits`` of reconciliation; None on a lane without a presence sensor. ``ignored`` are shell patterns of
    texts of strangers' codes that count nothing."""

    lane: str
    name: str
    kind: LaneKind
    direction: str
    mode: Mode
    station: str
    levels: tuple[str, ...]
    grids: tuple[str, ...]
    policy: Policy
    origins: OriginClasses
    limits: Limits | None = None
    ignored: tuple[str, ...] = ()
