"""A pass on a card of the size of a bank card, or on a window card for a bus."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo

from station.domain.passes import Pass
from station.domain.plates import NoPlate, PlateKind, read_plate
from station.printing import words
from station.printing.columns import Column, filled, stacked
from station.printing.drawing import Bar, CodeAt, Drawing, Ink, Line, Size
from station.printing.errors import PrintError
from station.printing.facts import facts, names, validity
from station.printing.lettering import width
from station.printing.paper import A5_LANDSCAPE, ID_1
from station.printing.symbol import Symbol, symbol

THINNEST_MODULE = 0.677
"""Millimetres, four pixels of an office scanner's 150 dpi: finer ones ask for a camera nearer than an arm's length."""


@dataclass(frozen=True, slots=True)
class Form:
    """A column of words at the left, ``room`` wide, and the code's box at the right. ``top`` is the baseline of the
    kind, ``bottom`` that of the last line."""

    size: Size
    left: float
    room: float
    box: float
    top: float
    bottom: float
    kind: float  # sizes of text: of the kind, of a plate or label, of everything else
    name: float
    small: float


CARD = Form(ID_1, 4.0, 28.0, 53.0, top=8.0, bottom=51.0, kind=5.0, name=7.0, small=2.3)
WINDOW = Form(A5_LANDSCAPE, 10.0, 56.0, 140.0, top=24.0, bottom=136.0, kind=11.0, name=22.0, small=5.2)


def drawing_of(found: Pass, text: str, form: Form, zone: tzinfo) -> Drawing:
    """A pass, and the text that its code holds, laid out.

    :param zone: whose time the validity is shown in.
    :raises PrintError: more than the form legibly holds.
    """
    code = _code(symbol(text), form)
    rule = Bar(form.left, form.top + form.kind * 1.05, form.room, form.kind * 0.1)
    foot, foot_top = _foot(found, form, zone)
    column = Column(form.left, rule.y + rule.height, form.room, foot_top, form.name, form.small)
    body = filled(column, [_rows(name, form) for name in names(found)], facts(found))
    return Drawing(form.size, code, (*_head(found, form), *body, *foot), (rule,))


def _code(found: Symbol, form: Form) -> CodeAt:
    edge = (form.size.height - form.box) / 2
    code = CodeAt(found, form.size.width - edge - form.box, edge, form.box)
    if code.module < THINNEST_MODULE:
        raise PrintError(
            f"{len(found.text)} characters make modules of {code.module:.2f} mm, where {THINNEST_MODULE} is the least; "
            "print a window card, or leave something out of the pass"
        )
    return code


def _head(found: Pass, form: Form) -> Iterator[Line]:
    chinese, english = words.KINDS[found.kind]
    size = min(form.kind, form.kind * form.room / width(chinese, form.kind))
    yield Line(chinese, form.left, form.top, size, Ink.BLUE)
    yield Line(english, form.left, form.top + form.kind * 0.72, form.kind * 0.52, Ink.GRAY)


def _foot(found: Pass, form: Form, zone: tzinfo) -> tuple[list[Line], float]:
    """Laid from the bottom up, so that it stands in the same place on every card; and how far up it reaches."""
    said = validity(found, zone)
    lines, reach = stacked(said, form.left, 0.0, form.room, form.small)
    lifted = form.bottom - reach
    return [replace(line, y=line.y + lifted) for line in lines], lifted - form.small * 0.3


def _rows(name: str, form: Form) -> tuple[str, ...]:
    """A plate in two rows on a window card, as on a lorry's back: it is larger so."""
    if form is not WINDOW:
        return (name,)
    try:
        plate = read_plate(name)
    except NoPlate:
        return (name,)
    return (name[:2], name[2:]) if plate.text == name and plate.kind is not PlateKind.EMBASSY else (name,)
