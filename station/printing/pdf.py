"""Sheets to PDF. The same sheets give the same bytes: no time, no random identifier."""

from collections.abc import Iterable
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from station.printing.drawing import Bar, CodeAt, Drawing, Ink, Line
from station.printing.lettering import FONT, typeface
from station.printing.paper import Sheet


def to_pdf(sheets: Iterable[Sheet], title: str) -> bytes:
    typeface()
    file = BytesIO()
    canvas = Canvas(file, pageCompression=1, invariant=1)
    canvas.setTitle(title)
    canvas.setCreator("Checkpoint Station")
    # Print dialogs then begin with "actual size"; a card that was fitted to the page is no card.
    canvas.setViewerPreference("PrintScaling", "None")
    for sheet in sheets:
        _draw_sheet(canvas, sheet)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_sheet(canvas: Canvas, sheet: Sheet) -> None:
    """A page's y runs upward in PDF; ours runs down from the top."""
    canvas.setPageSize((sheet.size.width * mm, sheet.size.height * mm))
    canvas.translate(0, sheet.size.height * mm)
    canvas.scale(mm, mm)
    for mark in sheet.marks:
        _draw_bar(canvas, mark)
    for drawing, x, y in sheet.placed:
        canvas.saveState()
        canvas.translate(x, -y)
        _draw(canvas, drawing)
        canvas.restoreState()


def _draw(canvas: Canvas, drawing: Drawing) -> None:
    for bar in drawing.bars:
        _draw_bar(canvas, bar)
    for line in drawing.lines:
        _draw_line(canvas, line)
    _draw_code(canvas, drawing.code)


def _draw_bar(canvas: Canvas, bar: Bar) -> None:
    _dip(canvas, bar.ink)
    canvas.rect(bar.x, -bar.y - bar.height, bar.width, bar.height, stroke=0, fill=1)


def _draw_line(canvas: Canvas, line: Line) -> None:
    _dip(canvas, line.ink)
    canvas.setFont(FONT, line.size)
    draw = canvas.drawCentredString if line.centred else canvas.drawString
    draw(line.x, -line.y, line.text)


def _draw_code(canvas: Canvas, code: CodeAt) -> None:
    """One path filled once, so that no renderer leaves a seam between two modules. Written as PDF's own operators: the
    library's path takes ten times as long, which is minutes for ten thousand cards."""
    quiet = (code.box - code.module * code.symbol.modules) / 2
    canvas.saveState()
    canvas.translate(code.x + quiet, -code.y - quiet)
    canvas.scale(code.module, -code.module)
    _dip(canvas, Ink.BLACK)
    bars = " ".join(f"{x} {y} {length} 1 re" for x, y, length in code.symbol.bars())
    canvas.addLiteral(f"{bars} f")
    canvas.restoreState()


def _dip(canvas: Canvas, ink: Ink) -> None:
    """Black as a gray, so that a printer lays down its black alone and not four inks that may not meet."""
    if ink in (Ink.BLACK, Ink.WHITE):
        canvas.setFillGray(ink.value[0])
    else:
        canvas.setFillColorRGB(*ink.value)
