"""Which versions a station takes, and which held one gives way to any other.

One reading of the station's clock decides nothing for good: a list that lies ahead of the clock waits, and a held one
that does so gives way once a second source agrees, its own time of signing or a day of running.
"""

from collections.abc import Iterable

from station.domain.moment import Moment
from station.passes.list_versions import MAX_VERSION, MAX_VERSION_LEAD, is_beyond
from station.passes.signed_lists import ListError, Listing, Place

CONFIRMATION_PERIOD_S = 86_400.0


class VersionAhead(ListError):
    """A version beyond the present, which may be the station's clock's fault: it is looked at again later."""


def check_version(new: Listing, held: Listing | None, now: Moment) -> None:
    """While the clock cannot be trusted, the list's own time of signing and the version held stand in for it.

    :raises ListError: no hub gives such a version. :raises VersionAhead: none gives it yet.
    """
    if new.version > MAX_VERSION:
        raise ListError(f"version {new.version} is absurdly high; sign it anew with 'station list renew --renumber'")
    if now.trusted:
        ahead = is_ahead(new, now)
    else:
        ahead = is_beyond(new.version, new.issued_at) and (
            held is None or new.version > min(held.version, MAX_VERSION) + MAX_VERSION_LEAD
        )
    if ahead:
        raise VersionAhead(f"version {new.version} lies beyond the present; check the hub's clock and this station's")


def is_ahead(listing: Listing, now: Moment) -> bool:
    """While the clock cannot be trusted nothing is, but what is ahead of any clock."""
    return is_beyond(listing.version, now.utc) if now.trusted else listing.version > MAX_VERSION


class HeldVersions:
    """Since when held lists have been ahead of the clock."""

    def __init__(self) -> None:
        self._ahead_since: dict[Place, float] = {}

    def watch(self, held: Iterable[Listing], now: Moment) -> None:
        """To be called now and then."""
        ahead = {listing.place for listing in held if is_ahead(listing, now)}
        self._ahead_since = {place: self._ahead_since.get(place, now.monotonic) for place in ahead}

    def gives_way(self, held: Listing, now: Moment) -> bool:
        """Whether any plausible version may take its place."""
        since = self._ahead_since.get(held.place)
        confirmed = since is not None and now.monotonic - since >= CONFIRMATION_PERIOD_S
        return is_ahead(held, now) and (is_beyond(held.version, held.issued_at) or confirmed)
