"""What the lists that the hub sends say about a pass. A list holds digests, so it names nobody."""

from collections.abc import Callable
from enum import StrEnum

from station.domain.passes import Pass


class ListHit(StrEnum):
    """``NOT_RESIDENT``: the station holds a list of residents, and this household is not on it."""

    REVOKED = "revoked"
    WATCHED = "watched"
    NOT_RESIDENT = "not_resident"


ListHits = Callable[[Pass], frozenset[ListHit]]
"""What the newest lists have on a pass; asked once for every pass that is shown, in microseconds."""
