"""A long list, asked for a stretch at a time, the newest first."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """At most ``most`` of what follows ``after``, which is the place of the last one that is known (its time, and what
    tells it from others of that time), empty at the beginning; at or beneath the level ``within``, empty for all, and
    in this ``state``, empty for any."""

    most: int
    after: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    state: str = ""
