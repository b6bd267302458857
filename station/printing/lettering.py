"""The one typeface that the package brings, and how large a text may stand in the room it has.

Lengths are millimetres; a size is that of the em square, which a Chinese character fills.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from station.printing.errors import PrintError

FONT = "NotoSansSC-Medium"
FILE = Path(__file__).parent / "fonts" / f"{FONT}.ttf"
LEGIBLE = 1.4
"""Millimetres, four points: the smallest that a laser printer still prints legible Chinese in."""
SMALLEST_SHARE = 0.6
"""Of the size that is asked for what should be seen from afar: below it a text is broken into rows, or refused."""
_STEP = 0.95  # from one size tried to the next smaller


@cache
def typeface() -> TTFont:
    font = TTFont(FONT, FILE)
    pdfmetrics.registerFont(font)
    return font


def width(text: str, size: float) -> float:
    return float(typeface().stringWidth(text, size))


def check(text: str) -> None:
    """:raises PrintError: naming the first character that the typeface does not have."""
    for character in text:
        if ord(character) not in typeface().face.charToGlyph:
            sign = repr(character)[1:-1]
            raise PrintError(
                f"{sign} (U+{ord(character):04X}) is not in the printing font, which has the characters of GBK; "
                "write it with another"
            )


def shares(smallest: float) -> Iterator[float]:
    """Shares of a size to try, from the whole down."""
    share = 1.0
    while share >= smallest:
        yield share
        share *= _STEP


def broken(text: str, room: float, size: float) -> list[str]:
    """Rows no wider than the room. Chinese breaks anywhere; so does the rest, which is plates, numbers and places, but
    at a space where there is one."""
    rows = [""]
    for character in text:
        if rows[-1] and width(rows[-1] + character, size) > room:
            kept, space, carried = rows[-1].rpartition(" ")
            rows[-1:] = [kept, carried] if space and kept else [rows[-1], ""]
        rows[-1] += character
    return [row.strip() for row in rows if row.strip()]


def fitted(text: str, room: float, largest: float, rows: int = 1) -> tuple[list[str], float]:
    """The text in as few rows as will do, and the size they have: two rows have at most half of ``largest``.

    :raises PrintError: a character that the typeface lacks, or a text too long to be legible there.
    """
    check(text)
    for allowed in range(1, rows + 1):
        for share in shares(SMALLEST_SHARE):
            size = largest / allowed * share
            found = broken(text, room, size)
            if len(found) <= allowed and all(width(row, size) <= room for row in found):
                return found, size
    raise PrintError(f"{text[:40]}: {len(text)} characters are too many to be legible in their place; shorten it")
