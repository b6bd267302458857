"""A level's local day in figures: what its daily tables are made of. Nothing here names anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from station.domain.sums import MustSums, Publicity, Sums


@dataclass(frozen=True, slots=True)
class Line:
    """A level or a station with its titles. ``crossings`` and ``unmatched`` are what its sensors counted, ``musts``
    what it told of the five; None where the hub was told nothing of that day, and of a level what those did that
    told."""

    name: str
    zh: str
    en: str
    sums: Sums
    crossings: int | None
    unmatched: int | None
    musts: MustSums | None
    publicity: Publicity


@dataclass(frozen=True, slots=True)
class LevelDay:
    """``levels`` are those right beneath, and the level itself where stations stand at it; ``stations`` all that stood
    anywhere beneath on that day. ``buses`` is what the boards in buses tell, which hang at no station and count for the
    district as a whole. ``unknown_time`` are passages of any day whose minute is not known yet; they are in no
    other figure."""

    day: date
    level: Line
    levels: tuple[Line, ...]
    stations: tuple[Line, ...]
    hours: Mapping[str, Sums]
    kinds: Mapping[str, Sums]
    origins: Mapping[str, Sums]
    buses: Publicity
    unknown_time: int
