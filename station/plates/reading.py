"""What a driver does: lines of print in, scores for every character that can stand on a plate out."""

from collections.abc import Sequence
from typing import Any, Final, Protocol

from numpy.typing import NDArray

from station.domain.plates import ALPHABET

Picture = NDArray[Any]
"""Height x width x 3 BGR, 8 bit."""

Scores = NDArray[Any]
"""Steps from left to right x one blank and ``COLUMNS``: how likely each is, 0 to 1. A character may go on over steps
that follow one another."""

BLANK: Final = 0
"""The first column: no character at this step."""
COLUMNS: Final = {character: column for column, character in enumerate(ALPHABET, 1)}


class Reader(Protocol):
    """Made once for a station: loading takes long. The constructor raises PlatesUnavailable."""

    def read(self, lines: Sequence[Picture]) -> list[Scores]:
        """:param lines: BGR pictures of one line of print each, of any size; at least one."""
        ...


class PlatesUnavailable(Exception):
    """The reader cannot be loaded; the message names what is missing and the remedy."""
