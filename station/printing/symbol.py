"""A text as a QR code of level M, or a higher one where it costs no larger code."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

from station.printing.errors import PrintError

QUIET = 4
"""Modules of white on every side, as ISO/IEC 18004 asks."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """``rows`` are the modules from the top, 1 for a dark one, quiet zone left out."""

    text: str
    rows: tuple[bytes, ...]

    @property
    def modules(self) -> int:
        return len(self.rows)

    @property
    def with_quiet_zone(self) -> int:
        return self.modules + 2 * QUIET

    def bars(self) -> Iterator[tuple[int, int, int]]:
        """Column, row and length of every run of dark modules."""
        for y, row in enumerate(self.rows):
            x = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    yield x, y, length
                x += length


def symbol(text: str) -> Symbol:
    """:raises PrintError: the text is longer than any code at level M holds."""
    try:
        code = segno.make(text, error="m", micro=False, boost_error=True)
    except segno.DataOverflowError:
        raise PrintError(
            f"{len(text)} characters are more than a QR code at level M holds; leave something out"
        ) from None
    return Symbol(text, tuple(bytes(row) for row in code.matrix))
