"""Whether a list's version can be: a version that leaps far ahead would keep every later list out for good.

Versions are seconds since 1970, or one more than the version before where that is higher. So a version lies near the
time at which its list was signed, whatever the station's own clock says, and near the present where that clock can be
trusted. The clock alone never makes a held list give way at once: it has to say the same for a day.
"""

from collections.abc import Iterable

from station.domain.moment import Moment
from station.domain.times import utc_text
from station.passes.signed_lists import ListError, Listing, Place

MAX_VERSION_LEAD = 86_400
"""How far a version may lie beyond the seconds since 1970: so many changes in a burst, or a hub's clock so far off."""
MAX_VERSION = 4_102_444_800
"""The year 2100."""
CONFIRMATION_PERIOD_S = 86_400.0


class VersionAhead(ListError):
    """A version beyond the present. The list is looked at again later: it may be the station's clock that is wrong."""


def check_version(new: Listing, now: Moment) -> None:
    """:raises ListError: no hub gives such a version. :raises VersionAhead: none gives it before its time."""
    if is_absurd(new):
        signed = utc_text(new.issued_at, "seconds")
        raise ListError(f"version {new.version} is absurdly high for a list signed at {signed}; renew it on the hub")
    if is_ahead(new, now):
        raise VersionAhead(f"version {new.version} lies beyond the present; check the hub's clock and this station's")


def is_absurd(listing: Listing) -> bool:
    return listing.version > min(listing.issued_at.timestamp() + MAX_VERSION_LEAD, MAX_VERSION)


def is_ahead(listing: Listing, now: Moment) -> bool:
    """While the clock cannot be trusted nothing is."""
    return now.trusted and listing.version > now.utc.timestamp() + MAX_VERSION_LEAD


class HeldVersions:
    """Since when held lists have been ahead of the clock. :meth:`gives_way`: any plausible version may replace it."""

    def __init__(self) -> None:
        self._ahead_since: dict[Place, float] = {}

    def watch(self, held: Iterable[Listing], now: Moment) -> None:
        """To be called now and then."""
        ahead = {listing.place for listing in held if is_ahead(listing, now)}
        self._ahead_since = {place: self._ahead_since.get(place, now.monotonic) for place in ahead}

    def gives_way(self, held: Listing, now: Moment) -> bool:
        since = self._ahead_since.get(held.place)
        confirmed = since is not None and now.monotonic - since >= CONFIRMATION_PERIOD_S
        return is_absurd(held) or (is_ahead(held, now) and confirmed)
