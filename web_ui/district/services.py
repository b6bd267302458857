"""All that the district's pages may ask of the hub: callables handed in by whoever starts both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictServices:
    """``changes`` has the semantics of ``station.feed.Feed``; its topics are "station/<id>" and "totals". ``stations``
    are JSON-ready and sorted by id, ``boards`` JSON-ready and sorted by number. ``counts`` takes level names, a period
    (aware, the end not included) and one of ``groupings``; it raises LookupError, whose text says more, for a level
    that is not there. ``health`` is whether all is well, and the details; ``metrics`` a content type and a body.
    ``anonymous_read``: no login is needed.
    """

    district: str
    zone: ZoneInfo
    anonymous_read: bool
    groupings: tuple[str, ...]
    changes: Callable[[int, float], tuple[int, Mapping[str, View]]]
    closed: Callable[[], bool]
    stations: Callable[[], Sequence[View]]
    boards: Callable[[], Sequence[View]]
    counts: Callable[[tuple[str, ...], datetime, datetime, str], View]
    health: Callable[[], tuple[bool, View]]
    metrics: Callable[[], tuple[str, bytes]]
    now: Callable[[], datetime]
