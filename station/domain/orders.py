"""An order: an instruction of the district to every station beneath a level."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LARGEST_ORDER = 16 * 1024  # bytes of its message
LONGEST_TEXT = 500
"""Characters in each language: what can be read at a glance, across a screen."""


class Urgency(StrEnum):
    ROUTINE = "routine"
    URGENT = "urgent"
    IMMEDIATE = "immediate"


@dataclass(frozen=True, slots=True)
class Order:
    """``level`` is whom it is for: names from the district down, and last, for one station alone, the station's id.
    At least one of the two texts says something."""

    id: str
    district: str
    level: tuple[str, ...]
    urgency: Urgency
    issued_at: datetime
    expires: datetime
    zh: str = ""
    en: str = ""

    def is_for(self, levels: tuple[str, ...], station: str) -> bool:
        """Whether a station at these levels is beneath the order's level."""
        return (*levels, station)[: len(self.level)] == self.level


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order on a station's screens. ``shown``: a screen has said that it stands there. ``acknowledged_at`` is empty
    until somebody has acknowledged it; ``acknowledged_by`` is who, as far as anybody was signed on."""

    id: str
    urgency: str
    level: str
    issued_at: str
    received_at: str
    expires: str
    zh: str
    en: str
    shown: bool = False
    acknowledged_at: str = ""
    acknowledged_by: str = ""
