"""A station's enrolment on paper: one code as large as A4 holds, and what to do with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from station.printing import words
from station.printing.columns import LEADING
from station.printing.drawing import Bar, CodeAt, Drawing, Ink, Line
from station.printing.lettering import fitted
from station.printing.paper import A4
from station.printing.symbol import symbol

_MARGIN, _INSIDE = 15.0, 180.0
_HEAD, _CODE_AT, _STEPS_AT, _STEP = 24.0, 66.0, 262.0, 12.0


@dataclass(frozen=True, slots=True)
class EnrolmentSheet:
    """``text`` is the code's; ``level`` a path, ``until`` the last local day on which the code is taken."""

    text: str
    station: str
    name: str
    level: str
    until: str


def enrolment_drawing(sheet: EnrolmentSheet) -> Drawing:
    """:raises PrintError: the code is too long."""
    code = CodeAt(symbol(sheet.text), _MARGIN, _CODE_AT, _INSIDE)
    return Drawing(A4, code, (*_head(sheet), *_steps(sheet)), (Bar(_MARGIN, _MARGIN, _INSIDE, _HEAD),))


def _head(sheet: EnrolmentSheet) -> Iterator[Line]:
    chinese, english = words.ENROLMENT
    yield Line(chinese, A4.width / 2, 27.0, 10, Ink.WHITE, centred=True)
    yield Line(english, A4.width / 2, 35.0, 5, Ink.WHITE, centred=True)
    for text, y, largest, ink in (
        (sheet.name, 49.0, 9.0, Ink.BLACK),
        (sheet.station, 56.5, 5.5, Ink.BLACK),
        (sheet.level, 63.0, 4.0, Ink.GRAY),
    ):
        (row,), size = fitted(text, _INSIDE, largest)
        yield Line(row, A4.width / 2, y, size, ink, centred=True)


def _steps(sheet: EnrolmentSheet) -> Iterator[Line]:
    for index, (chinese, english) in enumerate(words.ENROLMENT_STEPS):
        y = _STEPS_AT + index * _STEP
        yield Line(chinese.format(until=sheet.until), _MARGIN, y, 4.6)
        yield Line(english.format(until=sheet.until), _MARGIN, y + 3.4 * LEADING, 3.4, Ink.GRAY)
