"""What stands where on one card or board, as plain values: laid out and checked before any of it is drawn.

Lengths are millimetres, x from the left and y from the top.
"""

from dataclasses import dataclass
from enum import Enum

from station.printing.symbol import Symbol


class Ink(Enum):
    """Red, green and blue, 0 to 1. Codes are black, whatever else is."""

    BLACK = (0.0, 0.0, 0.0)
    GRAY = (0.35, 0.38, 0.42)
    BLUE = (0.04, 0.20, 0.42)
    WHITE = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Size:
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, its baseline at ``y``; centred about ``x`` or beginning there."""

    text: str
    x: float
    y: float
    size: float
    ink: Ink = Ink.BLACK
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    ink: Ink = Ink.BLUE


@dataclass(frozen=True, slots=True)
class CodeAt:
    """A code in a square ``box`` that holds its quiet zone too."""

    symbol: Symbol
    x: float
    y: float
    box: float

    @property
    def module(self) -> float:
        return self.box / self.symbol.with_quiet_zone


@dataclass(frozen=True, slots=True)
class Drawing:
    size: Size
    code: CodeAt
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...] = ()
