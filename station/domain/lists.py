"""What the lists that the hub sends say about a pass. A list holds digests, so it names nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from station.domain.passes import Pass

LARGEST_LIST = 2_000_000  # bytes of its message; what mosquitto 2.1 takes unless it is told otherwise


class ListHit(StrEnum):
    """``NOT_RESIDENT``: the station holds a list of residents, and this household is not on it."""

    REVOKED = "revoked"
    WATCHED = "watched"
    NOT_RESIDENT = "not_resident"


ListHits = Callable[[Pass], frozenset[ListHit]]
"""What the newest lists have on a pass; asked once for every pass that is shown, in microseconds."""


class ListState(StrEnum):
    """``STALE``: past its expiry, or signed with a key that is believed no longer; it is used all the same.
    ``UNUSABLE``: its digests are under a key that this station does not have."""

    CURRENT = "current"
    STALE = "stale"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class ListView:
    """A list the station holds, for the screen. ``own``: for this station alone. Times are RFC 3339 UTC."""

    name: str
    own: bool
    version: int
    size: int
    issued_at: str
    expires: str
    state: ListState
