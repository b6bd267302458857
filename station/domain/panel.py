"""What hands and doors tell."""

from dataclasses import dataclass
from enum import StrEnum

PANEL = "panel"
"""The operator in the rows that its button and its switch make."""


class PanelPart(StrEnum):
    """The button that grants, the emergency-open switch, the door of the enclosure."""

    GRANT = "grant"
    EMERGENCY = "emergency"
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class PanelChange:
    """``on``: the button is pressed, the switch is thrown, the door stands open. ``at`` is monotonic seconds."""

    part: PanelPart
    on: bool
    at: float
