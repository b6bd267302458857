"""What a question about a level, or for a stretch of a list, is made of; the same for every list."""

from typing import Any

from station.domain.levels import SEPARATOR
from station.domain.listing import Listing

_BEHIND_ALL = "9999"  # no time is as late


def lies_beneath(path: str) -> str:
    """A condition: this column holds a level at or beneath the parameter ``within``, which ``inside`` makes."""
    return f"(:within = '' or substr({path} || '{SEPARATOR}', 1, length(:within)) = :within)"


def inside(level: tuple[str, ...]) -> str:
    """The beginning of every path at or beneath a level, empty for all there are."""
    return "".join(f"{name}{SEPARATOR}" for name in level)


def asked_of(listing: Listing, place: tuple[str, ...]) -> dict[str, Any]:
    """The parameters ``within``, ``state`` and ``most``, and those that say after which place to go on."""
    after = listing.after or (_BEHIND_ALL, *("" for _ in place[1:]))
    where = {"within": inside(listing.within), "state": listing.state, "most": listing.most}
    return dict(zip(place, after, strict=True)) | where
