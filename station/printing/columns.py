"""The column of words beside a code: as large as all of them fit between its top and its bottom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from station.printing.drawing import Ink, Line
from station.printing.errors import PrintError
from station.printing.facts import Fact
from station.printing.lettering import LEGIBLE, SMALLEST_SHARE, broken, printable, shares, width

CAPTION = 0.8  # of the size of what it is the caption of
LEADING = 1.25  # from one baseline to the next, in sizes
_GAP = 0.7  # between a caption and what stands beside it, in sizes
_SECOND_NAME = 0.65  # of the first's size
_ROUNDING = 0.999  # a name scaled to the room exactly may come out wider by the last binary digit

Rows = tuple[str, ...]
"""A name in as many rows as it should have; longer ones are broken further."""


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` and ``small`` are the sizes that names and facts have where there is room for them."""

    left: float
    top: float
    room: float
    bottom: float
    name: float
    small: float


def filled(column: Column, names: Sequence[Rows], facts: Sequence[Fact]) -> list[Line]:
    """Names, the first the largest, and below them the facts.

    :raises PrintError: more than fits legibly.
    """
    names = [tuple(printable(row) for row in name) for name in names]
    facts = [replace(fact, value=printable(fact.value)) for fact in facts]
    for share in shares(LEGIBLE / column.small):
        lines, y = _names(column, names, max(share, SMALLEST_SHARE))
        below, y = stacked(facts, column.left, y, column.room, column.small * share)
        if y <= column.bottom:
            return lines + below
    many = sum(len(row) for name in names for row in name) + sum(len(fact.value) for fact in facts)
    raise PrintError(f"{many} characters are too many to be legible beside the code; shorten the label or the details")


def _names(column: Column, names: Sequence[Rows], share: float) -> tuple[list[Line], float]:
    """Lines, the rows of a name all of one size, and how far down they reach. A name that would be smaller than the
    facts is broken into rows."""
    lines: list[Line] = []
    y = column.top
    size = column.name * share
    for name in names:
        widest = max(width(row, size) for row in name)
        size = max(min(size, size * column.room / widest * _ROUNDING), column.small * share)
        for part in (part for row in name for part in broken(row, column.room, size)):
            y += size * LEADING
            lines.append(Line(part, column.left, y - size * (LEADING - 1), size))
        size *= _SECOND_NAME
    return lines, y


def stacked(facts: Iterable[Fact], left: float, top: float, room: float, size: float) -> tuple[list[Line], float]:
    """Facts below one another, each beside its caption or, if that is too wide, under it; and how far they reach."""
    lines: list[Line] = []
    y = top
    for fact in facts:
        caption = " ".join(fact.caption)
        y += size * LEADING
        lines.append(Line(caption, left, y, size * CAPTION, Ink.GRAY))
        beside = width(caption, size * CAPTION) + size * _GAP
        if beside + width(fact.value, size) <= room:
            lines.append(Line(fact.value, left + beside, y, size))
            continue
        for row in broken(fact.value, room, size):
            y += size * LEADING
            lines.append(Line(row, left, y, size))
    return lines, y
