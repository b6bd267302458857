"""What the pages of the parking bay and of those without a code need of the station."""

from collections.abc import Sequence
from typing import Protocol

from station.domain.by_hand import Offer
from station.domain.callers import Caller
from station.domain.view import AsideView


class HandDesk(Protocol):
    """How many wait in the bay is in the feed's topic "station" as well."""

    @property
    def offer(self) -> Offer:
        """What is offered and asked."""

    def aside(self) -> Sequence[AsideView]:
        """What waits in the parking bay, the longest first, with what was decided there while it can be undone."""

    def callers(self, typed: str) -> Sequence[Caller]:
        """Who comes regularly, with a plate that begins like this."""
