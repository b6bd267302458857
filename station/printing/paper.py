"""Drawings on sheets of paper: one a page, or cards ten to an A4 sheet with crop marks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from station.printing.drawing import Bar, Drawing, Ink, Size

PAPERS = {
    "A5": Size(148.0, 210.0),
    "A4": Size(210.0, 297.0),
    "A3": Size(297.0, 420.0),
    "A2": Size(420.0, 594.0),
    "A1": Size(594.0, 841.0),
    "A0": Size(841.0, 1189.0),
}
"""ISO 216, upright, from the smallest up."""
A4 = PAPERS["A4"]
A5_LANDSCAPE = Size(210.0, 148.0)
ID_1 = Size(85.6, 54.0)
"""ISO/IEC 7810 ID-1, as bank cards are; rounded to tenths."""

COLUMNS, ROWS = 2, 5
MARK_OFF, MARK_LENGTH, MARK_WIDTH = 2.0, 5.0, 0.15


@dataclass(frozen=True, slots=True)
class Sheet:
    """``placed`` are drawings with where their top left corners lie."""

    size: Size
    placed: tuple[tuple[Drawing, float, float], ...]
    marks: tuple[Bar, ...] = ()


def one_a_page(drawings: Iterable[Drawing]) -> Iterator[Sheet]:
    for drawing in drawings:
        yield Sheet(drawing.size, ((drawing, 0.0, 0.0),))


def ten_a_sheet(cards: Iterable[Drawing]) -> Iterator[Sheet]:
    """Edge to edge, so that one cut parts two cards. Margins are 13.5 and 19.4 mm; marks end 6.5 mm from the edge,
    where every office printer still prints."""
    left, top = _corner()
    places = [(left + column * ID_1.width, top + row * ID_1.height) for row in range(ROWS) for column in range(COLUMNS)]
    rest = iter(cards)
    while batch := list(islice(rest, len(places))):
        placed = tuple((card, x, y) for card, (x, y) in zip(batch, places, strict=False))
        yield Sheet(A4, placed, tuple(crop_marks()))


def crop_marks() -> Iterator[Bar]:
    """Hairlines outside the cards, at every cut, on both ends of it."""
    left, top = _corner()
    half, reach = MARK_WIDTH / 2, MARK_OFF + MARK_LENGTH
    for column in range(COLUMNS + 1):
        x = left + column * ID_1.width - half
        for y in (top - reach, A4.height - top + MARK_OFF):
            yield Bar(x, y, MARK_WIDTH, MARK_LENGTH, Ink.BLACK)
    for row in range(ROWS + 1):
        y = top + row * ID_1.height - half
        for x in (left - reach, A4.width - left + MARK_OFF):
            yield Bar(x, y, MARK_LENGTH, MARK_WIDTH, Ink.BLACK)


def _corner() -> tuple[float, float]:
    return (A4.width - COLUMNS * ID_1.width) / 2, (A4.height - ROWS * ID_1.height) / 2
