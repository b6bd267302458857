"""How high the version of a list can be: one that leaps far ahead would keep every later list out for good.

Versions are seconds since 1970, or one more than the version before where that is higher.
"""

from datetime import datetime

MAX_VERSION_LEAD = 86_400
"""How far a version may lie beyond the seconds since 1970: so many changes in a burst, or a hub's clock so far off."""
MAX_VERSION = 4_102_444_800
"""The year 2100: no clock of today says so and is right."""


def is_beyond(version: int, at: datetime) -> bool:
    """Whether no hub gives such a version at that time."""
    return version > min(at.timestamp() + MAX_VERSION_LEAD, MAX_VERSION)
