"""The one typeface that the package brings, and how large a text may stand in the room it has.

Lengths are millimetres; a size is that of the em square, which a Chinese character fills.
"""

import unicodedata
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


def printable(text: str) -> str:
    """The text with each character that the typeface lacks as its code point, such as ``〔U+20BB7〕``.

    A name is never printed with an empty box in it: whoever reads the paper sees what is missing, and can look it up.
    So do control and format characters, some of which would turn the text round.
    """
    glyphs = typeface().face.charToGlyph
    return "".join(
        sign if ord(sign) in glyphs and not unicodedata.category(sign).startswith("C") else f"〔U+{ord(sign):04X}〕"
        for sign in unicodedata.normalize("NFC", text)
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

    :raises PrintError: a text too long to be legible there.
    """
    text = printable(text)
    for allowed in range(1, rows + 1):
        for share in shares(SMALLEST_SHARE):
            size = largest / allowed * share
            found = broken(text, room, size)
            if len(found) <= allowed and all(width(row, size) <= room for row in found):
                return found, size
    raise PrintError(f"{text[:40]}: {len(text)} characters are too many to be legible in their place; shorten it")
