"""How the machine's supply is."""

from enum import StrEnum


class Power(StrEnum):
    """``LOW_EARLIER``: in order now, and once too low since the machine started. ``UNKNOWN``: nothing here measures."""

    GOOD = "good"
    LOW = "low"
    LOW_EARLIER = "low_earlier"
    UNKNOWN = "unknown"


UNDERVOLTAGE = "undervoltage"
"""The fault on the screen (StationView), while the supply is too low or was a moment ago."""
